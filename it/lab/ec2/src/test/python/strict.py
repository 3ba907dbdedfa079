"""Holds every answer of the lab's EC2 against botocore's own model of the service, and against AWS's documented examples."""

import datetime
import glob
import gzip
import json
import os
import re
import xml.etree.ElementTree as xml

import awscli
import botocore

NAMESPACE = "{http://ec2.amazonaws.com/doc/2016-11-15/}"


def model_folder():
    return os.path.join(os.path.dirname(botocore.__file__), "data", "ec2", "2016-11-15")


# What EC2 says in its own examples, and its model does not know.
BESIDE_THE_MODEL = {
    ("CreateNetworkInterface", "NetworkInterface.Status", "pending"),
    # The filter's name of the kind, and the one in real answers; the model has natGateway.
    ("DescribeNetworkInterfaces", "NetworkInterfaces[].InterfaceType", "nat_gateway"),
    ("DescribeInternetGateways", "InternetGateways[].Attachments[].State", "available"),
}


# In always.txt: that an answer comes, and says that it was done, is all there is to it.
NOTHING = "-"


class Strict:
    """Watches clients; what is wrong with an answer is kept in words."""

    def __init__(self):
        self.problems = set()
        self.answered = set()
        self.paths = {}
        self.always = always()

    def watch(self, events):
        events.register("before-parse.ec2", self.answer)

    def answer(self, operation_model, response_dict, **_):
        if response_dict["status_code"] != 200:
            return
        action = operation_model.name
        root = xml.fromstring(response_dict["body"])
        if root.tag != NAMESPACE + action + "Response":
            self.problems.add(action + ": the answer is a " + root.tag)
        if root.find(NAMESPACE + "requestId") is None:
            self.problems.add(action + ": the answer has no requestId")
        self.answered.add(action)
        seen = self.paths.setdefault(action, set())
        if operation_model.output_shape is None or not operation_model.output_shape.members:
            if root.findtext(NAMESPACE + "return") != "true":
                self.problems.add(action + ": an empty answer says return true")
            if self.always.get(action, [NOTHING]) != [NOTHING]:
                self.problems.add(action + ": always.txt expects more than that an answer comes")
            return
        self.structure(action, root, operation_model.output_shape, "", seen)
        for path in self.always.get(action, ()):
            if path == NOTHING:
                self.problems.add(action + ": always.txt expects nothing of an answer that says something")
                continue
            for missing in lacking_all(root, operation_model.output_shape, path.split("|")):
                self.problems.add("%s: an answer lacks %s (%s)" % (action, path, missing))

    def structure(self, action, element, shape, path, seen):
        members = {wire_name(name, member): (name, member) for name, member in shape.members.items()}
        found = set()
        for child in element:
            tag = child.tag.replace(NAMESPACE, "")
            if path == "" and tag == "requestId":
                continue
            if tag not in members:
                self.problems.add("%s: %s is not in the model" % (action, (path + "." + tag).strip(".")))
            elif tag in found:
                self.problems.add("%s: %s is there twice" % (action, (path + "." + tag).strip(".")))
            else:
                found.add(tag)
                name, member = members[tag]
                self.value(action, child, member, (path + "." + name).strip("."), seen)

    def value(self, action, element, shape, path, seen):
        seen.add(path)
        if shape.type_name == "structure":
            self.structure(action, element, shape, path, seen)
        elif shape.type_name == "list":
            item = shape.member.serialization.get("name", "item")
            for child in element:
                if child.tag != NAMESPACE + item:
                    self.problems.add("%s: %s has a %s" % (action, path, child.tag))
                self.value(action, child, shape.member, path + "[]", seen)
        elif (action, path, element.text) in BESIDE_THE_MODEL:
            pass
        elif not scalar(shape, element.text or ""):
            self.problems.add("%s: %s is %r, no %s" % (action, path, element.text, shape.metadata.get("enum") or shape.type_name))

    def documented(self, actions):
        """What AWS's examples show of these actions' answers and the lab's never do."""
        missing = set()
        for action, output in examples(actions):
            for path in paths(output, ""):
                if path not in self.paths.get(action, set()) and not left_out(action, path):
                    missing.add(action + ": " + path)
        return missing


def wire_name(name, member):
    return member.serialization.get("name", name)


def scalar(shape, text):
    kind = shape.type_name
    if kind in ("integer", "long"):
        return re.fullmatch(r"-?\d+", text) is not None
    if kind == "boolean":
        return text in ("true", "false")
    if kind in ("float", "double"):
        return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    if kind == "timestamp":
        try:
            datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
            return True
        except ValueError:
            return False
    # Instance types come faster than versions of botocore.
    return "enum" not in shape.metadata or text in shape.metadata["enum"] or shape.name == "InstanceType"


def lacking_all(element, shape, alternatives):
    """Where each of some paths leads to nothing; empty if one of them leads to something."""
    missing = [lacking(element, shape, each.split(".")) for each in alternatives]
    return missing[0] if all(missing) else []


def lacking(element, shape, parts):
    """Where a path leads to nothing, for each item of the lists on the way."""
    name, rest = parts[0], parts[1:]
    listed = name.endswith("[]")
    member = shape.members[name.rstrip("[]")]
    child = element.find(NAMESPACE + wire_name(name.rstrip("[]"), member))
    if child is None:
        return [name]
    if not rest:
        return []
    if listed:
        return [miss for item in child for miss in lacking(item, member.member, rest)]
    return lacking(child, member, rest)


def paths(value, path):
    """Every name in an answer, with [] for the items of a list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            here = (path + "." + name).strip(".")
            yield here
            yield from paths(inner, here)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, path + "[]")


def examples(actions):
    """AWS's examples of answers: those of its API model, and those of the documentation of its command line."""
    name = glob.glob(os.path.join(model_folder(), "examples-1.json*"))[0]
    with (gzip.open if name.endswith(".gz") else open)(name, "rt", encoding="utf-8") as stream:
        for action, shown in json.load(stream)["examples"].items():
            if action in actions:
                for each in shown:
                    yield action, each.get("output") or {}
    for action in sorted(actions):
        command = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", action).lower()
        page = os.path.join(os.path.dirname(awscli.__file__), "examples", "ec2", command + ".rst")
        if os.path.exists(page):
            with open(page, encoding="utf-8") as stream:
                for output in outputs(stream.read()):
                    yield action, output


def outputs(page):
    """The JSON that a page of the command line's documentation shows; what is cut short there is passed over."""
    for output in re.finditer(r"^ *Output ?::$", page, re.MULTILINE):
        lines = page[output.end():].split("\n")
        while lines and not lines[0].strip():
            lines.pop(0)
        indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if lines else ""
        block = []
        for line in lines:
            if not indent or line.strip() and not line.startswith(indent):
                break
            block.append(line)
            if line.rstrip() == indent + "}":
                break
        try:
            value = json.loads("\n".join(block))
            if isinstance(value, dict):
                yield value
        except ValueError:
            pass


def table(name):
    """Lines of ACTION PATH, or ACTION PATH with a reason behind a #; PATH|PATH where one of them must be."""
    rows = {}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding="utf-8") as stream:
        for line in stream:
            words = line.split("#")[0].split()
            if words:
                rows.setdefault(words[0], []).append(words[1])
    return rows


def always():
    return table("always.txt")


LEFT_OUT = None


def left_out(action, path):
    global LEFT_OUT
    if LEFT_OUT is None:
        LEFT_OUT = table("left-out.txt")
    return any(path == each or path.startswith((each + ".", each + "[")) for each in LEFT_OUT.get(action, []))


def stale(strict, actions):
    """Entries of left-out.txt that the lab shows after all, or that no example has."""
    useless = set()
    documented = {}
    for action, output in examples(actions):
        documented.setdefault(action, set()).update(paths(output, ""))
    for action, entries in table("left-out.txt").items():
        for entry in entries:
            if entry in strict.paths.get(action, set()) or entry not in documented.get(action, set()):
                useless.add(action + " " + entry)
    return useless
