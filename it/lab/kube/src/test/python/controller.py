"""A controller written with Python's Kubernetes client, which the API server's makers did not write.

Arguments: the kubeconfig of somebody who may do everything, and "forgets" if the server forgets versions within 60 changes, which
the real one does after minutes only. Prints "ok NAME" or "not ok NAME" with the reason indented below it,
one case after the other. Says nothing that is particular to one API server: it runs on the lab's and on the real one.
"""

import json
import logging
import queue
import sys
import threading
import time
import traceback
import uuid

from kubernetes import client, config, dynamic, watch
from kubernetes.client.rest import ApiException
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.leaderelectionrecord import LeaderElectionRecord
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock
from urllib3.exceptions import ProtocolError

KUBECONFIG = sys.argv[1]
FORGETS = "forgets" in sys.argv[2:]
RUN = uuid.uuid4().hex[:8]
SPACE = "controller-" + RUN
GROUP = "g" + RUN + ".patchbay.dev"
PATIENCE = 60

config.load_kube_config(KUBECONFIG)
CORE = client.CoreV1Api()
LEASES = client.CoordinationV1Api()
RBAC = client.RbacAuthorizationV1Api()
CUSTOM = client.CustomObjectsApi()

CASES = []


def case(function):
    CASES.append(function)
    return function


def forgetful(function):
    if FORGETS:
        CASES.append(function)
    else:
        print("left out, since it would take minutes: " + function.__name__)
    return function


def refused(code, reason, call, *arguments, **options):
    """The server refuses a call so; gives the Status."""
    try:
        call(*arguments, **options)
    except ApiException as error:
        assert error.status == code, "%s instead of %s: %s" % (error.status, code, error.body)
        status = json.loads(error.body)
        assert status["kind"] == "Status" and status["status"] == "Failure", status
        assert status["reason"] == reason and status["code"] == code, status
        return status
    raise AssertionError("not refused, and %s %s was expected" % (code, reason))


def equal(found, expected):
    assert found == expected, "%r instead of %r" % (found, expected)


def pod(name, node="node-a", labels=None, **spec):
    return {
        "metadata": {"name": name, "labels": labels or {}},
        "spec": {"nodeName": node, "containers": [{"name": "main", "image": "pause"}], **spec},
    }


def settings(name, data, **metadata):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}, "data": data}


def eventually(condition, what):
    """For what other threads do: they are waited for, and not for a certain time."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "not within %s s: %s" % (PATIENCE, what)
        time.sleep(0.02)


@case
def the_version_is_told():
    found = client.VersionApi().get_code()
    equal(found.major, "1")
    assert int(found.minor) >= 30, found


@case
def lists_come_in_pages_of_one_version():
    for number in range(7):
        CORE.create_namespaced_config_map(SPACE, settings("page-%d" % number, {}, labels={"for": "pages"}))
    seen, versions, token = [], set(), None
    while True:
        page = CORE.list_namespaced_config_map(SPACE, label_selector="for=pages", limit=3, _continue=token)
        seen += [each.metadata.name for each in page.items]
        versions.add(page.metadata.resource_version)
        token = page.metadata._continue
        if len(seen) == 3:
            # What comes and goes between two pages is of another version.
            CORE.create_namespaced_config_map(SPACE, settings("page-9", {}, labels={"for": "pages"}))
            CORE.delete_namespaced_config_map("page-6", SPACE)
        if not token:
            break
    equal(seen, ["page-%d" % number for number in range(7)])
    equal(len(versions), 1)
    whole = CORE.list_namespaced_config_map(SPACE, label_selector="for=pages", resource_version="0")
    assert whole.metadata.resource_version not in versions
    status = refused(400, "BadRequest", CORE.list_namespaced_config_map, SPACE, _continue="nonsense")
    assert "continue key is not valid" in status["message"], status


@case
def labels_and_fields_select():
    CORE.create_namespaced_pod(SPACE, pod("red-1", "node-a", {"color": "red"}))
    CORE.create_namespaced_pod(SPACE, pod("red-2", "node-b", {"color": "red", "old": "yes"}))
    CORE.create_namespaced_pod(SPACE, pod("blue-1", "node-a", {"color": "blue"}))

    def names(**selectors):
        return [each.metadata.name for each in CORE.list_namespaced_pod(SPACE, **selectors).items]

    equal(names(label_selector="color=red"), ["red-1", "red-2"])
    equal(names(label_selector="color in (red,blue),!old"), ["blue-1", "red-1"])
    equal(names(label_selector="color!=red"), ["blue-1"])
    equal(names(label_selector="old"), ["red-2"])
    equal(names(field_selector="spec.nodeName=node-a"), ["blue-1", "red-1"])
    equal(names(field_selector="spec.nodeName=node-a,metadata.name!=red-1"), ["blue-1"])
    equal(names(field_selector="spec.nodeName=node-a", label_selector="color=red"), ["red-1"])
    equal(names(field_selector="status.phase=Running"), [])
    equal(len(names(field_selector="status.phase=Pending")), 3)
    status = refused(400, "BadRequest", CORE.list_namespaced_pod, SPACE, field_selector="spec.color=red")
    assert "field label not supported: spec.color" in status["message"], status
    refused(400, "BadRequest", CORE.list_namespaced_pod, SPACE, label_selector="a in b")


class Follower:
    """What a controller's watch does: list, watch from there, list anew when the version is gone."""

    def __init__(self, **selectors):
        self.selectors = selectors
        self.events = queue.Queue()
        self.relists = 0
        self.watch = watch.Watch()
        self.stopped = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        version = None
        while not self.stopped:
            try:
                if version is None:
                    found = CORE.list_namespaced_pod(SPACE, **self.selectors)
                    version = found.metadata.resource_version
                    self.relists += 1
                    self.events.put(("LISTED", sorted(each.metadata.name for each in found.items)))
                for event in self.watch.stream(
                    CORE.list_namespaced_pod,
                    SPACE,
                    resource_version=version,
                    allow_watch_bookmarks=True,
                    timeout_seconds=PATIENCE,
                    **self.selectors
                ):
                    if event["type"] == "BOOKMARK":
                        version = event["object"]["metadata"]["resourceVersion"]
                        continue
                    version = event["object"].metadata.resource_version
                    self.events.put((event["type"], event["object"].metadata.name))
                    if self.stopped:
                        return
            except ApiException as gone:
                equal(gone.status, 410)
                version = None
            except ProtocolError:
                # Whoever stops it breaks its connection.
                assert self.stopped

    def next(self):
        return self.events.get(timeout=PATIENCE)

    def stop(self):
        self.stopped = True
        self.watch.stop()


@case
def a_watch_follows_what_is_selected():
    follower = Follower(label_selector="watched=yes")
    equal(follower.next(), ("LISTED", []))
    CORE.create_namespaced_pod(SPACE, pod("watched", labels={"watched": "yes"}))
    equal(follower.next(), ("ADDED", "watched"))
    CORE.patch_namespaced_pod("watched", SPACE, {"metadata": {"annotations": {"a": "b"}}})
    equal(follower.next(), ("MODIFIED", "watched"))
    CORE.patch_namespaced_pod("watched", SPACE, {"metadata": {"labels": {"watched": "no"}}})
    equal(follower.next(), ("DELETED", "watched"))
    CORE.patch_namespaced_pod("watched", SPACE, {"metadata": {"labels": {"watched": "yes"}}})
    equal(follower.next(), ("ADDED", "watched"))
    # A pod is marked, and then it goes, even if it is given no time.
    CORE.delete_namespaced_pod("watched", SPACE, grace_period_seconds=0)
    equal(follower.next(), ("MODIFIED", "watched"))
    equal(follower.next(), ("DELETED", "watched"))
    follower.stop()


@case
def a_watch_starts_with_what_there_is_and_says_where_that_ends():
    kinds = []
    answer = CORE.list_namespaced_pod(
        SPACE,
        watch=True,
        label_selector="color",
        send_initial_events=True,
        resource_version_match="NotOlderThan",
        allow_watch_bookmarks=True,
        timeout_seconds=1,
        _preload_content=False,
    )
    names = []
    for line in answer.data.splitlines():
        event = json.loads(line)
        kinds.append(event["type"])
        if event["type"] == "ADDED":
            names.append(event["object"]["metadata"]["name"])
        else:
            equal(event["object"]["kind"], "Pod")
            equal(event["object"]["metadata"]["annotations"], {"k8s.io/initial-events-end": "true"})
            assert int(event["object"]["metadata"]["resourceVersion"]) > 0
            break
    equal(sorted(names), ["blue-1", "red-1", "red-2"])
    equal(kinds, ["ADDED"] * 3 + ["BOOKMARK"])


@forgetful
def a_version_too_old_is_gone_and_listed_anew():
    CORE.create_namespaced_pod(SPACE, pod("busy"))
    for number in range(60):
        CORE.patch_namespaced_pod("busy", SPACE, {"metadata": {"annotations": {"round": str(number)}}})
    try:
        for event in watch.Watch().stream(CORE.list_namespaced_pod, SPACE, resource_version="1", timeout_seconds=PATIENCE):
            raise AssertionError("of a version that is gone came " + event["type"])
        raise AssertionError("a watch of a version that is gone ended in peace")
    except ApiException as gone:
        equal(gone.status, 410)
        assert gone.reason.startswith("Expired: too old resource version: 1 ("), gone.reason
    found = CORE.list_namespaced_pod(SPACE, field_selector="metadata.name=busy")
    CORE.patch_namespaced_pod("busy", SPACE, {"metadata": {"annotations": {"round": "last"}}})
    for event in watch.Watch().stream(
        CORE.list_namespaced_pod,
        SPACE,
        field_selector="metadata.name=busy",
        resource_version=found.metadata.resource_version,
        timeout_seconds=PATIENCE,
    ):
        equal((event["type"], event["object"].metadata.annotations["round"]), ("MODIFIED", "last"))
        break


@case
def json_patch():
    CORE.create_namespaced_config_map(SPACE, settings("json", {"a": "1", "b": "2"}, annotations={"x/y": "z"}))
    patch = [
        {"op": "test", "path": "/data/a", "value": "1"},
        {"op": "replace", "path": "/data/a", "value": "one"},
        {"op": "remove", "path": "/data/b"},
        {"op": "replace", "path": "/metadata/annotations/x~1y", "value": "w"},
        {"op": "add", "path": "/data/d", "value": "4"},
    ]
    found = CORE.patch_namespaced_config_map("json", SPACE, patch)
    equal((found.data, found.metadata.annotations), ({"a": "one", "d": "4"}, {"x/y": "w"}))
    status = refused(422, "Invalid", CORE.patch_namespaced_config_map, "json", SPACE, patch)
    equal(status["message"], "the server rejected our request due to an error in our request")
    equal(CORE.read_namespaced_config_map("json", SPACE).data, {"a": "one", "d": "4"})


def typed(kind):
    """A client whose patches are of one content type."""
    api = client.ApiClient()
    api.set_default_header("Content-Type", kind)
    choose = api.select_header_content_type
    api.select_header_content_type = lambda types, method=None, body=None: kind if method == "PATCH" else choose(types, method, body)
    return api


@case
def merge_patch():
    made = CORE.create_namespaced_pod(SPACE, pod("merge", tolerations=[{"key": "a", "operator": "Exists"}]))
    core = client.CoreV1Api(typed("application/merge-patch+json"))
    found = core.patch_namespaced_pod(
        "merge",
        SPACE,
        {"metadata": {"labels": {"x": "y"}}, "spec": {"containers": [{"name": "main", "image": "other"}]}},
    )
    equal(found.metadata.labels, {"x": "y"})
    equal([each.image for each in found.spec.containers], ["other"])
    found = core.patch_namespaced_pod("merge", SPACE, {"metadata": {"labels": {"x": None}}})
    equal(found.metadata.labels, None)
    assert int(found.metadata.resource_version) > int(made.metadata.resource_version)
    # What a pod's spec does not allow is refused, and nothing of it is done.
    status = refused(422, "Invalid", core.patch_namespaced_pod, "merge", SPACE, {"spec": {"nodeName": "other"}})
    assert "pod updates may not change fields other than" in status["message"], status


@case
def strategic_merge_patch():
    core = client.CoreV1Api(typed("application/strategic-merge-patch+json"))
    found = core.patch_namespaced_pod(
        "merge", SPACE, {"spec": {"containers": [{"name": "main", "image": "third"}]}, "metadata": {"labels": {"x": "z"}}}
    )
    equal([(each.name, each.image) for each in found.spec.containers], [("main", "third")])
    condition = {"type": "patchbay.dev/Ready", "status": "False", "reason": "Waiting"}
    core.patch_namespaced_pod_status("merge", SPACE, {"status": {"conditions": [condition]}})
    other = {"type": "patchbay.dev/Other", "status": "True"}
    found = core.patch_namespaced_pod_status("merge", SPACE, {"status": {"conditions": [other]}})
    types = [each.type for each in found.status.conditions]
    assert "patchbay.dev/Ready" in types and "patchbay.dev/Other" in types, types
    found = core.patch_namespaced_pod_status(
        "merge", SPACE, {"status": {"conditions": [{"type": "patchbay.dev/Other", "$patch": "delete"}]}}
    )
    assert "patchbay.dev/Other" not in [each.type for each in found.status.conditions]


@case
def server_side_apply_and_its_conflicts():
    applier = dynamic.DynamicClient(client.ApiClient())
    maps = applier.resources.get(api_version="v1", kind="ConfigMap")

    def apply(manager, data, force=False):
        return maps.server_side_apply(
            body=settings("shared", data), namespace=SPACE, field_manager=manager, force_conflicts=force
        )

    made = apply("alice", {"a": "1", "b": "2"})
    equal(
        [(each.manager, each.operation, each.fieldsType) for each in made.metadata.managedFields],
        [("alice", "Apply", "FieldsV1")],
    )
    equal(made.metadata.managedFields[0].fieldsV1.to_dict(), {"f:data": {"f:a": {}, "f:b": {}}})
    equal(apply("alice", {"a": "1", "b": "2"}).metadata.resourceVersion, made.metadata.resourceVersion)
    equal(apply("bob", {"b": "2", "c": "3"}).data.to_dict(), {"a": "1", "b": "2", "c": "3"})
    try:
        apply("bob", {"a": "one", "b": "two", "c": "3"})
        raise AssertionError("what others own was taken")
    except dynamic.exceptions.ConflictError as error:
        status = json.loads(error.body)
        equal(status["reason"], "Conflict")
        equal(
            status["message"],
            'Apply failed with 2 conflicts: conflicts with "alice":\n- .data.a\n- .data.b',
        )
        equal(
            status["details"]["causes"],
            [
                {"reason": "FieldManagerConflict", "message": 'conflict with "alice"', "field": ".data.a"},
                {"reason": "FieldManagerConflict", "message": 'conflict with "alice"', "field": ".data.b"},
            ],
        )
    equal(apply("bob", {"a": "one", "c": "3"}, force=True).data.to_dict(), {"a": "one", "b": "2", "c": "3"})
    # Bob no longer names c, which nobody else owns.
    equal(apply("bob", {"a": "one"}).data.to_dict(), {"a": "one", "b": "2"})
    equal(apply("alice", {"b": "2"}).data.to_dict(), {"a": "one", "b": "2"})


@case
def a_stale_version_conflicts_and_the_retry_succeeds():
    CORE.create_namespaced_config_map(SPACE, settings("counter", {"count": "0"}))
    stale = CORE.read_namespaced_config_map("counter", SPACE)
    fresh = CORE.read_namespaced_config_map("counter", SPACE)
    fresh.data["count"] = "1"
    CORE.replace_namespaced_config_map("counter", SPACE, fresh)
    stale.data["count"] = "2"
    status = refused(409, "Conflict", CORE.replace_namespaced_config_map, "counter", SPACE, stale)
    equal(
        status["message"],
        'Operation cannot be fulfilled on configmaps "counter": the object has been modified; '
        "please apply your changes to the latest version and try again",
    )
    equal(status["details"], {"name": "counter", "kind": "configmaps"})

    conflicts = []

    def count():
        api = client.CoreV1Api(client.ApiClient())
        for _ in range(5):
            while True:
                found = api.read_namespaced_config_map("counter", SPACE)
                found.data["count"] = str(int(found.data["count"]) + 1)
                try:
                    api.replace_namespaced_config_map("counter", SPACE, found)
                    break
                except ApiException as error:
                    equal(error.status, 409)
                    conflicts.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    equal(CORE.read_namespaced_config_map("counter", SPACE).data["count"], "21")
    status = refused(422, "Invalid", CORE.create_namespaced_config_map, SPACE, settings("keys", {"a/b": "c"}))
    equal([each["field"] for each in status["details"]["causes"]], ["data[a/b]"])
    status = refused(409, "AlreadyExists", CORE.create_namespaced_config_map, SPACE, settings("counter", {}))
    equal(status["message"], 'configmaps "counter" already exists')
    body = client.V1DeleteOptions(preconditions=client.V1Preconditions(uid="11111111-1111-1111-1111-111111111111"))
    refused(409, "Conflict", CORE.delete_namespaced_config_map, "counter", SPACE, body=body)


class LeaseLock:
    """A Lease for the client's leader election, which brings a lock of config maps alone."""

    def __init__(self, name, identity):
        self.api = client.CoordinationV1Api(client.ApiClient())
        self.name, self.namespace, self.identity = name, SPACE, identity
        self.lease = None
        self.renewals = 0

    def get(self, name, namespace):
        try:
            self.lease = self.api.read_namespaced_lease(name, namespace)
        except ApiException as missing:
            return False, missing
        spec = self.lease.spec
        return True, LeaderElectionRecord(
            spec.holder_identity, spec.lease_duration_seconds, str(spec.acquire_time), str(spec.renew_time)
        )

    def spec(self, record, transitions):
        now = record.renew_time.replace(" ", "T")
        return {
            "holderIdentity": record.holder_identity,
            "leaseDurationSeconds": int(float(record.lease_duration)),
            "acquireTime": (now + ("" if "." in now else ".000000")) + "Z",
            "renewTime": (now + ("" if "." in now else ".000000")) + "Z",
            "leaseTransitions": transitions,
        }

    def create(self, name, namespace, election_record):
        try:
            self.api.create_namespaced_lease(
                namespace, {"metadata": {"name": name}, "spec": self.spec(election_record, 0)}
            )
            return True
        except ApiException as taken:
            equal(taken.status, 409)
            return False

    def update(self, name, namespace, updated_record):
        spec = self.lease.spec
        same = spec.holder_identity == updated_record.holder_identity
        body = client.ApiClient().sanitize_for_serialization(self.lease)
        body["spec"] = self.spec(updated_record, spec.lease_transitions + (0 if same else 1))
        if same:
            body["spec"]["acquireTime"] = spec.acquire_time.isoformat().replace("+00:00", "Z")
        try:
            self.api.replace_namespaced_lease(name, namespace, body)
            self.renewals += 1
            return True
        except ApiException:
            return False


class Candidate:
    """One instance of a controller that leads or waits. The lock's API can be taken away from it."""

    def __init__(self, lock):
        self.lock = lock
        self.leads, self.lost = threading.Event(), threading.Event()
        election = leaderelection.LeaderElection(
            electionconfig.Config(
                lock,
                lease_duration=4,
                renew_deadline=2,
                retry_period=1,
                onstarted_leading=self.leads.set,
                onstopped_leading=self.lost.set,
            )
        )
        threading.Thread(target=election.run, daemon=True).start()

    def wait(self, event, what):
        assert event.wait(PATIENCE), "not within %s s: %s" % (PATIENCE, what)


@case
def a_lease_is_held_renewed_lost_and_won():
    first = Candidate(LeaseLock("election", "first"))
    first.wait(first.leads, "the first leads")
    second = Candidate(LeaseLock("election", "second"))
    eventually(lambda: first.lock.renewals >= 2 and second.lock.lease is not None, "renewed while the other one looks on")
    lease = LEASES.read_namespaced_lease("election", SPACE)
    equal((lease.spec.holder_identity, lease.spec.lease_transitions), ("first", 0))
    assert not second.leads.is_set()
    renewed = lease.spec.renew_time
    eventually(lambda: LEASES.read_namespaced_lease("election", SPACE).spec.renew_time > renewed, "renewed once more")
    # The first one's writes no longer arrive: it must notice before the second one takes over.
    first.lock.update = lambda *arguments: False
    first.wait(first.lost, "the first has lost it")
    second.wait(second.leads, "the second leads")
    lease = LEASES.read_namespaced_lease("election", SPACE)
    equal((lease.spec.holder_identity, lease.spec.lease_transitions), ("second", 1))
    # Whoever has an old version of it can't write.
    old = first.lock.lease
    status = refused(409, "Conflict", LEASES.replace_namespaced_lease, "election", SPACE, old)
    assert 'leases.coordination.k8s.io "election"' in status["message"], status
    second.lock.update = lambda *arguments: False
    second.wait(second.lost, "the second has lost it, too")


@case
def a_lock_of_config_maps_is_held_too():
    lock = ConfigMapLock("lock", SPACE, "only")
    candidate = Candidate(lock)
    candidate.wait(candidate.leads, "it leads")
    record = json.loads(CORE.read_namespaced_config_map("lock", SPACE).metadata.annotations[lock.leader_electionrecord_annotationkey])
    equal(record["holderIdentity"], "only")
    lock.update = lambda *arguments: False
    candidate.wait(candidate.lost, "it has lost it")


@case
def two_who_take_a_lease_at_once_are_one_winner():
    won, barrier = [], threading.Barrier(4)

    def take(name):
        lock = LeaseLock("race", name)
        barrier.wait()
        if lock.create("race", SPACE, LeaderElectionRecord(name, "10", "2026-01-01 00:00:00", "2026-01-01 00:00:00")):
            won.append(name)

    threads = [threading.Thread(target=take, args=("t%d" % number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    equal([LEASES.read_namespaced_lease("race", SPACE).spec.holder_identity], won)
    inexact = {"metadata": {"name": "inexact"}, "spec": {"renewTime": "2026-01-01T00:00:00Z"}}
    status = refused(400, "BadRequest", LEASES.create_namespaced_lease, SPACE, inexact)
    assert 'Lease in version "v1" cannot be handled as a Lease: parsing time' in status["message"], status


@case
def status_is_a_subresource():
    node = CORE.create_node({"metadata": {"name": "n-" + RUN}, "spec": {}})
    try:
        node.status = client.V1NodeStatus(capacity={"pods": "29"})
        node.metadata.labels = {"x": "y"}
        written = CORE.replace_node_status(node.metadata.name, node)
        equal(written.status.capacity, {"pods": "29"})
        # The object's own writes leave the status alone.
        written.status.capacity = {"pods": "1"}
        written.spec.unschedulable = True
        found = CORE.replace_node(node.metadata.name, written)
        equal((found.status.capacity, found.spec.unschedulable), ({"pods": "29"}, True))
        # Writes of the status leave the spec alone.
        found.spec.unschedulable = None
        found.status.capacity = {"pods": "30"}
        found = CORE.replace_node_status(node.metadata.name, found)
        equal((found.status.capacity, found.spec.unschedulable), ({"pods": "30"}, True))
        refused(409, "Conflict", CORE.replace_node_status, node.metadata.name, written)
        equal(CORE.read_node_status(node.metadata.name).status.capacity, {"pods": "30"})
    finally:
        CORE.delete_node("n-" + RUN)


@case
def a_custom_resource_is_served_checked_and_has_a_status():
    extensions = client.ApiextensionsV1Api()
    name = "shops." + GROUP
    schema = {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "required": ["subnet"],
                "properties": {
                    "subnet": {"type": "string", "pattern": "^subnet-"},
                    "size": {"type": "integer", "minimum": 1, "default": 3},
                },
            },
            "status": {"type": "object", "properties": {"phase": {"type": "string"}}},
        },
    }
    extensions.create_custom_resource_definition(
        {
            "metadata": {"name": name},
            "spec": {
                "group": GROUP,
                "scope": "Namespaced",
                "names": {"plural": "shops", "kind": "Shop"},
                "versions": [
                    {
                        "name": "v1",
                        "served": True,
                        "storage": True,
                        "subresources": {"status": {}},
                        "schema": {"openAPIV3Schema": schema},
                    }
                ],
            },
        }
    )

    def established():
        conditions = extensions.read_custom_resource_definition(name).status.conditions or []
        return any(each.type == "Established" and each.status == "True" for each in conditions)

    eventually(established, "the definition is established")

    def shop(name, spec):
        return {"apiVersion": GROUP + "/v1", "kind": "Shop", "metadata": {"name": name}, "spec": spec}

    def create(body):
        return CUSTOM.create_namespaced_custom_object(GROUP, "v1", SPACE, "shops", body)

    def served():
        try:
            CUSTOM.list_namespaced_custom_object(GROUP, "v1", SPACE, "shops")
            return True
        except ApiException as error:
            equal(error.status, 404)
            return False

    eventually(served, "shops are served")
    made = create(shop("one", {"subnet": "subnet-1", "unknown": 1}))
    equal(made["spec"], {"subnet": "subnet-1", "size": 3})
    equal(made["metadata"]["generation"], 1)
    made["status"] = {"phase": "Ready"}
    written = CUSTOM.replace_namespaced_custom_object_status(GROUP, "v1", SPACE, "shops", "one", made)
    equal((written["status"], written["metadata"]["generation"]), ({"phase": "Ready"}, 1))
    status = refused(422, "Invalid", create, shop("two", {"size": 0}))
    equal(
        {each["field"]: (each["reason"], each["message"]) for each in status["details"]["causes"]},
        {
            "spec.subnet": ("FieldValueRequired", "Required value"),
            "spec.size": (
                "FieldValueInvalid",
                "Invalid value: 0: spec.size in body should be greater than or equal to 1",
            ),
        },
    )
    # There are no keys to merge lists by, so the strategic patch is not for these.
    custom = client.CustomObjectsApi(typed("application/strategic-merge-patch+json"))
    status = refused(
        415, "UnsupportedMediaType", custom.patch_namespaced_custom_object, GROUP, "v1", SPACE, "shops", "one", {"spec": {}}
    )
    assert "application/merge-patch+json" in status["message"], status
    extensions.delete_custom_resource_definition(name)


@case
def an_account_has_the_rights_of_its_roles_and_no_others():
    CORE.create_namespaced_service_account(SPACE, {"metadata": {"name": "agent"}})
    rules = [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["pods/status"], "verbs": ["patch"]},
    ]
    RBAC.create_namespaced_role(SPACE, {"metadata": {"name": "agent"}, "rules": rules})
    RBAC.create_namespaced_role_binding(
        SPACE,
        {
            "metadata": {"name": "agent"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "agent"},
            "subjects": [{"kind": "ServiceAccount", "name": "agent", "namespace": SPACE}],
        },
    )
    request = {"spec": {"audiences": [], "expirationSeconds": 3600}}
    token = CORE.create_namespaced_service_account_token("agent", SPACE, request).status.token
    account = "system:serviceaccount:%s:agent" % SPACE
    agent = as_bearer(token)
    me = client.AuthenticationV1Api(agent).create_self_subject_review({}).status.user_info
    equal(me.username, account)
    equal(sorted(me.groups), ["system:authenticated", "system:serviceaccounts", "system:serviceaccounts:" + SPACE])
    core = client.CoreV1Api(agent)

    def allowed():
        try:
            core.list_namespaced_pod(SPACE)
            return True
        except ApiException as error:
            equal(error.status, 403)
            return False

    eventually(allowed, "the role counts")
    core.patch_namespaced_pod_status("red-1", SPACE, {"status": {"phase": "Running"}})
    status = refused(403, "Forbidden", core.list_namespaced_secret, SPACE)
    equal(
        status["message"],
        'secrets is forbidden: User "%s" cannot list resource "secrets" in API group "" in the namespace "%s"' % (account, SPACE),
    )
    equal(status["details"], {"kind": "secrets"})
    status = refused(403, "Forbidden", core.list_node)
    equal(
        status["message"],
        'nodes is forbidden: User "%s" cannot list resource "nodes" in API group "" at the cluster scope' % account,
    )
    status = refused(403, "Forbidden", core.patch_namespaced_pod, "red-1", SPACE, {"metadata": {"labels": {"x": "y"}}})
    equal(
        status["message"],
        'pods "red-1" is forbidden: User "%s" cannot patch resource "pods" in API group "" in the namespace "%s"' % (account, SPACE),
    )
    equal(status["details"], {"name": "red-1", "kind": "pods"})
    status = refused(403, "Forbidden", client.AppsV1Api(agent).list_namespaced_deployment, SPACE)
    equal(
        status["message"],
        'deployments.apps is forbidden: User "%s" cannot list resource "deployments" in API group "apps" in the namespace "%s"'
        % (account, SPACE),
    )
    equal(status["details"], {"group": "apps", "kind": "deployments"})
    review = client.AuthorizationV1Api(agent).create_self_subject_access_review(
        {"spec": {"resourceAttributes": {"namespace": SPACE, "verb": "watch", "resource": "pods"}}}
    )
    assert review.status.allowed
    # Nobody gives rights that they have not.
    RBAC.create_namespaced_role(
        SPACE,
        {
            "metadata": {"name": "clerk"},
            "rules": [{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"], "verbs": ["create"]}],
        },
    )
    RBAC.create_namespaced_role_binding(
        SPACE,
        {
            "metadata": {"name": "clerk"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "clerk"},
            "subjects": [{"kind": "ServiceAccount", "name": "agent", "namespace": SPACE}],
        },
    )
    rbac = client.RbacAuthorizationV1Api(agent)
    eventually(
        lambda: client.AuthorizationV1Api(agent)
        .create_self_subject_access_review(
            {
                "spec": {
                    "resourceAttributes": {
                        "namespace": SPACE,
                        "verb": "create",
                        "group": "rbac.authorization.k8s.io",
                        "resource": "roles",
                    }
                }
            }
        )
        .status.allowed,
        "the clerk's role counts",
    )
    more = [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]
    status = refused(403, "Forbidden", rbac.create_namespaced_role, SPACE, {"metadata": {"name": "more"}, "rules": more})
    assert "is attempting to grant RBAC permissions not currently held" in status["message"], status
    CORE.delete_namespaced_service_account("agent", SPACE)

    def dead():
        try:
            core.list_namespaced_pod(SPACE)
            return False
        except ApiException as error:
            equal((error.status, json.loads(error.body)["reason"]), (401, "Unauthorized"))
            return True

    eventually(dead, "the token dies with its account")


def as_bearer(token):
    """A client that knows the server and has another's token."""
    settings = client.Configuration.get_default_copy()
    settings.api_key = {"authorization": "Bearer " + token}
    settings.api_key_prefix = {}
    settings.refresh_api_key_hook = None
    return client.ApiClient(settings)


@case
def a_controller_reconciles_through_all_of_it():
    """List, watch, finalizer, status and deletion together, as a controller does its work."""
    done = queue.Queue()
    stop = threading.Event()
    finalizer = "patchbay.dev/hold"

    def reconcile(found):
        held = finalizer in (found.metadata.finalizers or [])
        if found.metadata.deletion_timestamp:
            if held:
                CORE.patch_namespaced_config_map(
                    found.metadata.name, SPACE, [{"op": "remove", "path": "/metadata/finalizers"}]
                )
                done.put(("released", found.metadata.name))
        elif not held:
            CORE.patch_namespaced_config_map(found.metadata.name, SPACE, {"metadata": {"finalizers": [finalizer]}})
            done.put(("held", found.metadata.name))

    def run():
        version = CORE.list_namespaced_config_map(SPACE, label_selector="work").metadata.resource_version
        done.put(("started", ""))
        for event in watch.Watch().stream(
            CORE.list_namespaced_config_map, SPACE, label_selector="work", resource_version=version, timeout_seconds=PATIENCE
        ):
            if event["type"] != "DELETED":
                reconcile(event["object"])
            else:
                done.put(("gone", event["object"].metadata.name))
            if stop.is_set():
                return

    threading.Thread(target=run, daemon=True).start()
    equal(done.get(timeout=PATIENCE), ("started", ""))
    CORE.create_namespaced_config_map(SPACE, settings("job", {}, labels={"work": "yes"}))
    equal(done.get(timeout=PATIENCE), ("held", "job"))
    CORE.delete_namespaced_config_map("job", SPACE)
    equal(done.get(timeout=PATIENCE), ("released", "job"))
    stop.set()
    equal(done.get(timeout=PATIENCE), ("gone", "job"))
    refused(404, "NotFound", CORE.read_namespaced_config_map, "job", SPACE)


def main():
    logging.getLogger("leaderelection").setLevel(logging.ERROR)
    CORE.create_namespace({"metadata": {"name": SPACE}})
    failures = 0
    for function in CASES:
        try:
            function()
            print("ok " + function.__name__, flush=True)
        except Exception:
            failures += 1
            print("not ok " + function.__name__)
            for line in traceback.format_exc().splitlines():
                print("    " + line)
            sys.stdout.flush()
    for each in CORE.list_namespaced_pod(SPACE).items:
        CORE.delete_namespaced_pod(each.metadata.name, SPACE, grace_period_seconds=0)
    CORE.delete_namespace(SPACE)
    sys.exit(1 if failures else 0)


main()
