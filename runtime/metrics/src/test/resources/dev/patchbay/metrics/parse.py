# Parses what a page of metrics says with the parsers of Prometheus' own Python client, and prints it as lines of tab-separated
# fields: family, type, sample, value, and name=value of each label in order.
import sys
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

text = sys.stdin.read()
parse = openmetrics.text_string_to_metric_families if sys.argv[1] == "openmetrics" else parser.text_string_to_metric_families
for family in parse(text):
    assert family.documentation, family.name + " has no help"
    for sample in family.samples:
        labels = ["%s=%s" % label for label in sorted(sample.labels.items())]
        print("\t".join([family.name, family.type, sample.name, repr(float(sample.value))] + labels))
