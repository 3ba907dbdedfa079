"""Walks the lab's EC2 with boto3 and the AWS CLI, neither of which the lab's makers wrote.

Argument: a file of JSON that says where the lab is and what is in it. Prints "ok NAME" or "not ok NAME" with the reason
indented below it, one case after the other.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import traceback
import urllib.error
import urllib.request

import boto3
import botocore.config
import botocore.exceptions
from awscli.clidriver import create_clidriver

from strict import Strict, stale

with open(sys.argv[1], encoding="utf-8") as stream:
    LAB = json.load(stream)

STRICT = Strict()


def client(who="node", retries=True):
    keys = LAB["keys"][who]
    made = boto3.client(
        "ec2",
        region_name=LAB["region"],
        endpoint_url=LAB["endpoint"],
        aws_access_key_id=keys["id"],
        aws_secret_access_key=keys["secret"],
        aws_session_token=keys["token"],
        config=botocore.config.Config(retries={"max_attempts": 4 if retries else 1, "mode": "standard"}),
    )
    STRICT.watch(made.meta.events)
    return made


EC2 = client()


def refused(code, call, **arguments):
    """EC2 refuses a call with that code, and says something."""
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == code, "%s: %s instead of %s" % (got["Code"], got["Message"], code)
        assert got["Message"].strip(), "no message with " + code
        assert error.response["ResponseMetadata"]["RequestId"], "no request id with " + code
        return got["Message"]
    raise AssertionError("not refused, and %s was expected" % code)


def eni(**more):
    return EC2.create_network_interface(SubnetId=LAB["subnet"], **more)["NetworkInterface"]["NetworkInterfaceId"]


def described(eni_id):
    return EC2.describe_network_interfaces(NetworkInterfaceIds=[eni_id])["NetworkInterfaces"][0]


def tagged(key, value):
    return [{"ResourceType": "network-interface", "Tags": [{"Key": key, "Value": value}]}]


def the_life_of_an_interface():
    made = EC2.create_network_interface(
        SubnetId=LAB["subnet"],
        Description="made by boto3",
        Groups=[LAB["group"]],
        SecondaryPrivateIpAddressCount=2,
        Ipv6AddressCount=1,
        ConnectionTrackingSpecification={"TcpEstablishedTimeout": 3600, "UdpTimeout": 40},
        TagSpecifications=tagged("owner", "ünïcode & <xml>"),
        ClientToken="life-1",
    )["NetworkInterface"]
    eni_id = made["NetworkInterfaceId"]
    assert made["Status"] == "pending", made["Status"]
    again = EC2.create_network_interface(
        SubnetId=LAB["subnet"],
        Description="made by boto3",
        Groups=[LAB["group"]],
        SecondaryPrivateIpAddressCount=2,
        Ipv6AddressCount=1,
        ConnectionTrackingSpecification={"TcpEstablishedTimeout": 3600, "UdpTimeout": 40},
        TagSpecifications=tagged("owner", "ünïcode & <xml>"),
        ClientToken="life-1",
    )["NetworkInterface"]
    assert again["NetworkInterfaceId"] == eni_id
    EC2.get_waiter("network_interface_available").wait(NetworkInterfaceIds=[eni_id], WaiterConfig={"Delay": 1})
    seen = described(eni_id)
    assert seen["TagSet"] == [{"Key": "owner", "Value": "ünïcode & <xml>"}], seen["TagSet"]
    assert len(seen["PrivateIpAddresses"]) == 3 and seen["PrivateIpAddresses"][0]["Primary"]
    assert seen["Ipv6Addresses"][0]["Ipv6Address"].startswith("2001:db8:0:101:")
    assert seen["ConnectionTrackingConfiguration"] == {"TcpEstablishedTimeout": 3600, "UdpTimeout": 40}

    attachment = EC2.attach_network_interface(
        NetworkInterfaceId=eni_id, InstanceId=LAB["node"], DeviceIndex=1, NetworkCardIndex=0
    )["AttachmentId"]
    EC2.modify_network_interface_attribute(
        NetworkInterfaceId=eni_id, Attachment={"AttachmentId": attachment, "DeleteOnTermination": True}
    )
    EC2.modify_network_interface_attribute(NetworkInterfaceId=eni_id, SourceDestCheck={"Value": False})
    EC2.modify_network_interface_attribute(NetworkInterfaceId=eni_id, Description={"Value": "renamed"})
    EC2.modify_network_interface_attribute(NetworkInterfaceId=eni_id, Groups=[LAB["defaultGroup"]])
    seen = described(eni_id)
    assert seen["Status"] == "in-use" and seen["Attachment"]["Status"] == "attached"
    assert seen["Attachment"]["DeleteOnTermination"] and not seen["SourceDestCheck"]
    assert seen["Description"] == "renamed" and seen["Groups"][0]["GroupId"] == LAB["defaultGroup"]
    for attribute, key in (("description", "Description"), ("groupSet", "Groups"), ("sourceDestCheck", "SourceDestCheck"), ("attachment", "Attachment")):
        assert key in EC2.describe_network_interface_attribute(NetworkInterfaceId=eni_id, Attribute=attribute), attribute
    instance = EC2.describe_instances(InstanceIds=[LAB["node"]])["Reservations"][0]["Instances"][0]
    assert [each["Attachment"]["DeviceIndex"] for each in instance["NetworkInterfaces"]] == [0, 1]

    refused("InvalidParameterValue", EC2.delete_network_interface, NetworkInterfaceId=eni_id)
    EC2.detach_network_interface(AttachmentId=attachment)
    EC2.delete_network_interface(NetworkInterfaceId=eni_id)
    refused("InvalidNetworkInterfaceID.NotFound", EC2.delete_network_interface, NetworkInterfaceId=eni_id)


def addresses_and_prefixes_of_both_families():
    eni_id = eni()
    got = EC2.assign_private_ip_addresses(NetworkInterfaceId=eni_id, SecondaryPrivateIpAddressCount=2)
    addresses = [each["PrivateIpAddress"] for each in got["AssignedPrivateIpAddresses"]]
    assert len(addresses) == 2
    EC2.assign_private_ip_addresses(NetworkInterfaceId=eni_id, PrivateIpAddresses=["10.0.0.200"])
    prefixes = EC2.assign_private_ip_addresses(NetworkInterfaceId=eni_id, Ipv4PrefixCount=2)["AssignedIpv4Prefixes"]
    assert all(each["Ipv4Prefix"].endswith("/28") for each in prefixes)
    named = EC2.assign_private_ip_addresses(NetworkInterfaceId=eni_id, Ipv4Prefixes=["10.0.0.208/28"])
    assert named["AssignedIpv4Prefixes"] == [{"Ipv4Prefix": "10.0.0.208/28"}]
    six = EC2.assign_ipv6_addresses(NetworkInterfaceId=eni_id, Ipv6AddressCount=2)["AssignedIpv6Addresses"]
    six80 = EC2.assign_ipv6_addresses(NetworkInterfaceId=eni_id, Ipv6PrefixCount=1)["AssignedIpv6Prefixes"]
    seen = described(eni_id)
    assert len(seen["PrivateIpAddresses"]) == 4 and len(seen["Ipv4Prefixes"]) == 3
    assert sorted(each["Ipv6Address"] for each in seen["Ipv6Addresses"]) == sorted(six)
    assert [each["Ipv6Prefix"] for each in seen["Ipv6Prefixes"]] == six80
    EC2.unassign_private_ip_addresses(NetworkInterfaceId=eni_id, PrivateIpAddresses=addresses)
    EC2.unassign_private_ip_addresses(NetworkInterfaceId=eni_id, Ipv4Prefixes=[each["Ipv4Prefix"] for each in prefixes])
    gone = EC2.unassign_ipv6_addresses(NetworkInterfaceId=eni_id, Ipv6Addresses=six[:1])
    assert gone["UnassignedIpv6Addresses"] == six[:1]
    assert EC2.unassign_ipv6_addresses(NetworkInterfaceId=eni_id, Ipv6Prefixes=six80)["UnassignedIpv6Prefixes"] == six80
    seen = described(eni_id)
    assert len(seen["PrivateIpAddresses"]) == 2 and len(seen["Ipv4Prefixes"]) == 1 and len(seen["Ipv6Addresses"]) == 1
    # A secondary address goes over to another interface, if its taker says so.
    other = eni()
    refused("InvalidParameterValue", EC2.assign_private_ip_addresses, NetworkInterfaceId=other, PrivateIpAddresses=["10.0.0.200"])
    EC2.assign_private_ip_addresses(NetworkInterfaceId=other, PrivateIpAddresses=["10.0.0.200"], AllowReassignment=True)
    assert "10.0.0.200" in [each["PrivateIpAddress"] for each in described(other)["PrivateIpAddresses"]]
    for each in (eni_id, other):
        EC2.delete_network_interface(NetworkInterfaceId=each)


def tags_filters_and_pages():
    made = [eni(Description="paged %d" % number, TagSpecifications=tagged("page", "n%02d" % number)) for number in range(12)]
    free = {"Name": "status", "Values": ["available"]}
    pages = list(EC2.get_paginator("describe_network_interfaces").paginate(
        Filters=[free, {"Name": "tag-key", "Values": ["page"]}], PaginationConfig={"PageSize": 5}))
    assert [len(each["NetworkInterfaces"]) for each in pages] == [5, 5, 2]
    assert sorted(each["NetworkInterfaceId"] for page in pages for each in page["NetworkInterfaces"]) == sorted(made)
    some = EC2.describe_network_interfaces(Filters=[{"Name": "tag:page", "Values": ["n0?", "n11"]}])["NetworkInterfaces"]
    assert len(some) == 11
    for name, value in {
        "network-interface-id": made[3],
        "private-ip-address": described(made[3])["PrivateIpAddress"],
        "mac-address": described(made[3])["MacAddress"],
        "description": "paged 3",
    }.items():
        found = EC2.describe_network_interfaces(Filters=[{"Name": name, "Values": [value]}])["NetworkInterfaces"]
        assert [each["NetworkInterfaceId"] for each in found] == [made[3]], name
    for name, value in {"vpc-id": LAB["vpc"], "subnet-id": LAB["subnet"], "availability-zone": LAB["zone"], "requester-managed": "false",
                        "interface-type": "interface", "group-id": LAB["defaultGroup"], "source-dest-check": "true"}.items():
        found = EC2.describe_network_interfaces(Filters=[free, {"Name": name, "Values": [value]}])["NetworkInterfaces"]
        assert {each["NetworkInterfaceId"] for each in found} >= set(made), name
    EC2.create_tags(Resources=[made[0], LAB["node"]], Tags=[{"Key": "both", "Value": "yes"}, {"Key": "empty", "Value": ""}])
    tags = EC2.describe_tags(Filters=[{"Name": "key", "Values": ["both"]}])["Tags"]
    assert sorted(each["ResourceType"] for each in tags) == ["instance", "network-interface"]
    assert {"Key": "both", "Value": "yes"} in EC2.describe_instances(InstanceIds=[LAB["node"]])["Reservations"][0]["Instances"][0]["Tags"]
    EC2.delete_tags(Resources=[made[0]], Tags=[{"Key": "both", "Value": "no"}])
    assert {"Key": "both", "Value": "yes"} in described(made[0])["TagSet"]
    EC2.delete_tags(Resources=[made[0], LAB["node"]], Tags=[{"Key": "both"}, {"Key": "empty"}])
    assert described(made[0])["TagSet"] == [{"Key": "page", "Value": "n00"}]
    types = EC2.get_paginator("describe_instance_types").paginate(PaginationConfig={"MaxItems": 250})
    assert sum(len(page["InstanceTypes"]) for page in types) == 250
    large = EC2.describe_instance_types(InstanceTypes=["m5.large", "p4d.24xlarge"])["InstanceTypes"]
    assert {each["InstanceType"]: len(each["NetworkInfo"]["NetworkCards"]) for each in large} == {"m5.large": 1, "p4d.24xlarge": 4}
    for each in made:
        EC2.delete_network_interface(NetworkInterfaceId=each)


def public_addresses():
    instance = EC2.describe_instances(Filters=[{"Name": "ip-address", "Values": ["203.0.113.9"]}])["Reservations"][0]["Instances"][0]
    assert instance["PublicIpAddress"] == "203.0.113.9"
    found = EC2.describe_network_interfaces(Filters=[{"Name": "association.public-ip", "Values": ["203.0.113.9"]}])["NetworkInterfaces"]
    assert found[0]["Association"]["PublicIp"] == "203.0.113.9" and found[0]["Attachment"]["InstanceId"] == instance["InstanceId"]


def trunks_and_branches():
    trunk = eni(InterfaceType="trunk", Description="aws-k8s-trunk-eni")
    attachment = EC2.attach_network_interface(NetworkInterfaceId=trunk, InstanceId=LAB["node"], DeviceIndex=2)["AttachmentId"]
    branch = eni(Description="aws-k8s-branch-eni")
    permission = EC2.create_network_interface_permission(
        NetworkInterfaceId=branch, AwsAccountId=LAB["account"], Permission="INSTANCE-ATTACH")["InterfacePermission"]
    assert permission["PermissionState"]["State"] == "granted"
    made = EC2.associate_trunk_interface(
        BranchInterfaceId=branch, TrunkInterfaceId=trunk, VlanId=7, ClientToken="trunk-1")["InterfaceAssociation"]
    assert made["InterfaceProtocol"] == "VLAN" and made["VlanId"] == 7
    again = EC2.associate_trunk_interface(BranchInterfaceId=branch, TrunkInterfaceId=trunk, VlanId=7, ClientToken="trunk-1")
    assert again["InterfaceAssociation"]["AssociationId"] == made["AssociationId"]
    seen = EC2.describe_trunk_interface_associations(AssociationIds=[made["AssociationId"]])["InterfaceAssociations"]
    assert [each["BranchInterfaceId"] for each in seen] == [branch]
    assert described(branch)["InterfaceType"] == "branch" and described(trunk)["InterfaceType"] == "trunk"
    refused("InvalidParameterValue", EC2.delete_network_interface, NetworkInterfaceId=branch)
    second = eni()
    refused("InvalidParameterValue", EC2.associate_trunk_interface, BranchInterfaceId=second, TrunkInterfaceId=trunk, VlanId=7)
    refused("InvalidParameterValue", EC2.associate_trunk_interface, BranchInterfaceId=second, TrunkInterfaceId=branch, VlanId=8)
    refused("InvalidNetworkInterface.InUse", EC2.associate_trunk_interface, BranchInterfaceId=branch, TrunkInterfaceId=trunk, VlanId=8)
    EC2.disassociate_trunk_interface(AssociationId=made["AssociationId"], ClientToken="trunk-2")
    EC2.disassociate_trunk_interface(AssociationId=made["AssociationId"], ClientToken="trunk-2")
    refused("InvalidAssociationID.NotFound", EC2.disassociate_trunk_interface, AssociationId=made["AssociationId"])
    EC2.detach_network_interface(AttachmentId=attachment, Force=True)
    for each in (branch, second, trunk):
        EC2.delete_network_interface(NetworkInterfaceId=each)


def security_groups():
    made = EC2.create_security_group(VpcId=LAB["vpc"], GroupName="web", Description="the web")
    group = made["GroupId"]
    permission = {
        "IpProtocol": "tcp", "FromPort": 80, "ToPort": 81,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}],
        "UserIdGroupPairs": [{"GroupId": LAB["defaultGroup"]}],
    }
    rules = EC2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])["SecurityGroupRules"]
    assert len(rules) == 3 and all(each["SecurityGroupRuleId"].startswith("sgr-") for each in rules)
    seen = EC2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert len(seen["IpPermissions"]) == 1 and seen["IpPermissions"][0]["IpRanges"] == permission["IpRanges"]
    listed = EC2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert {each["SecurityGroupRuleId"] for each in listed} > {each["SecurityGroupRuleId"] for each in rules}
    refused("InvalidPermission.Duplicate", EC2.authorize_security_group_ingress, GroupId=group, IpPermissions=[permission])
    EC2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rules[0]["SecurityGroupRuleId"]])
    refused("InvalidSecurityGroupRuleId.NotFound", EC2.revoke_security_group_ingress, GroupId=group,
            SecurityGroupRuleIds=[rules[0]["SecurityGroupRuleId"]])
    rest = EC2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]
    EC2.revoke_security_group_ingress(GroupId=group, IpPermissions=rest)
    refused("InvalidPermission.NotFound", EC2.revoke_security_group_ingress, GroupId=group, IpPermissions=rest)
    out = [{"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "10.0.0.2/32"}],
            "UserIdGroupPairs": [{"GroupId": LAB["defaultGroup"]}]}]
    EC2.authorize_security_group_egress(GroupId=group, IpPermissions=out)
    EC2.revoke_security_group_egress(GroupId=group, IpPermissions=out)
    user = eni(Groups=[group])
    refused("DependencyViolation", EC2.delete_security_group, GroupId=group)
    refused("InvalidGroup.Duplicate", EC2.create_security_group, VpcId=LAB["vpc"], GroupName="web", Description="again")
    refused("InvalidGroup.Reserved", EC2.create_security_group, VpcId=LAB["vpc"], GroupName="default", Description="again")
    refused("CannotDelete", EC2.delete_security_group, GroupId=LAB["defaultGroup"])
    EC2.delete_network_interface(NetworkInterfaceId=user)
    EC2.delete_security_group(GroupId=group)
    refused("InvalidGroup.NotFound", EC2.describe_security_groups, GroupIds=[group])


def networks_and_reservations():
    vpc = EC2.describe_vpcs(VpcIds=[LAB["vpc"]])["Vpcs"][0]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    association = EC2.associate_vpc_cidr_block(VpcId=LAB["vpc"], CidrBlock="100.64.0.0/16")["CidrBlockAssociation"]
    subnet = EC2.create_subnet(
        VpcId=LAB["vpc"], CidrBlock="100.64.0.0/24", Ipv6CidrBlock="2001:db8:0:102::/64", AvailabilityZone=LAB["zone"],
        TagSpecifications=[{"ResourceType": "subnet", "Tags": [{"Key": "made", "Value": "here"}]}])["Subnet"]
    assert subnet["Tags"] == [{"Key": "made", "Value": "here"}]
    assert subnet["AvailableIpAddressCount"] == 251
    for name, value in {"vpc-id": LAB["vpc"], "cidr-block": "100.64.0.0/24", "availability-zone": LAB["zone"], "state": "available",
                        "available-ip-address-count": "251"}.items():
        found = EC2.describe_subnets(Filters=[{"Name": name, "Values": [value]}])["Subnets"]
        assert subnet["SubnetId"] in [each["SubnetId"] for each in found], name
    six = EC2.describe_subnets(SubnetIds=[LAB["subnet"]])["Subnets"][0]["Ipv6CidrBlockAssociationSet"]
    assert six[0]["Ipv6CidrBlock"] == "2001:db8:0:101::/64"
    EC2.create_tags(Resources=[LAB["vpc"], subnet["SubnetId"], LAB["defaultGroup"]], Tags=[{"Key": "Name", "Value": "all"}])
    assert EC2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["all"]}])["Vpcs"][0]["VpcId"] == LAB["vpc"]
    assert EC2.describe_subnets(Filters=[{"Name": "tag:Name", "Values": ["all"]}])["Subnets"][0]["SubnetId"] == subnet["SubnetId"]
    assert EC2.describe_security_groups(Filters=[{"Name": "tag-key", "Values": ["Name"]}])["SecurityGroups"]
    EC2.modify_subnet_attribute(SubnetId=subnet["SubnetId"], MapPublicIpOnLaunch={"Value": True})
    kept = EC2.create_subnet_cidr_reservation(
        SubnetId=subnet["SubnetId"], Cidr="100.64.0.128/25", ReservationType="prefix", Description="pods")["SubnetCidrReservation"]
    user = EC2.create_network_interface(SubnetId=subnet["SubnetId"], Ipv4PrefixCount=1)["NetworkInterface"]
    assert described(user["NetworkInterfaceId"])["Ipv4Prefixes"] == [{"Ipv4Prefix": "100.64.0.128/28"}]
    listed = EC2.get_subnet_cidr_reservations(SubnetId=subnet["SubnetId"])
    assert [each["Cidr"] for each in listed["SubnetIpv4CidrReservations"]] == ["100.64.0.128/25"]
    EC2.delete_subnet_cidr_reservation(SubnetCidrReservationId=kept["SubnetCidrReservationId"])
    refused("DependencyViolation", EC2.delete_subnet, SubnetId=subnet["SubnetId"])
    EC2.delete_network_interface(NetworkInterfaceId=user["NetworkInterfaceId"])
    EC2.delete_subnet(SubnetId=subnet["SubnetId"])
    EC2.disassociate_vpc_cidr_block(AssociationId=association["AssociationId"])
    refused("InvalidSubnetID.NotFound", EC2.describe_subnets, SubnetIds=[subnet["SubnetId"]])
    zones = EC2.describe_availability_zones()["AvailabilityZones"]
    assert LAB["zone"] in [each["ZoneName"] for each in zones]
    assert EC2.describe_regions()["Regions"][0]["RegionName"] == LAB["region"]


def named(kind, name):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def only(name, value):
    return [{"Name": name, "Values": [value]}]


def blocks_of_both_families():
    vpc, subnet = LAB["plainVpc"], LAB["plainSubnet"]
    six = EC2.associate_vpc_cidr_block(VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)["Ipv6CidrBlockAssociation"]
    assert six["Ipv6CidrBlockState"]["State"] == "associating" and six["Ipv6Pool"] == "Amazon"
    refused("CidrLimitExceeded", EC2.associate_vpc_cidr_block, VpcId=vpc, AmazonProvidedIpv6CidrBlock=True)
    block = EC2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    assert block == "2001:db8:f000::/56", block
    of_subnet = EC2.associate_subnet_cidr_block(SubnetId=subnet, Ipv6CidrBlock=block.replace("/56", "/64"))
    refused("InvalidParameterValue", EC2.associate_subnet_cidr_block, SubnetId=subnet, Ipv6CidrBlock="2001:db8:f000:1::/64")
    refused("InvalidSubnet.Range", EC2.associate_subnet_cidr_block, SubnetId=LAB["small"], Ipv6CidrBlock="2001:db8:ffff::/64")
    refused("InvalidSubnet.Conflict", EC2.associate_subnet_cidr_block, SubnetId=LAB["small"], Ipv6CidrBlock="2001:db8:0:101::/64")
    found = EC2.describe_subnets(Filters=only("ipv6-cidr-block-association.ipv6-cidr-block", "2001:db8:f000::/64"))["Subnets"]
    assert [each["SubnetId"] for each in found] == [subnet]
    held = EC2.create_network_interface(SubnetId=subnet, Ipv6AddressCount=1)["NetworkInterface"]["NetworkInterfaceId"]
    association = of_subnet["Ipv6CidrBlockAssociation"]["AssociationId"]
    refused("InvalidCidrBlock.InUse", EC2.disassociate_subnet_cidr_block, AssociationId=association)
    refused("InvalidCidrBlock.InUse", EC2.disassociate_vpc_cidr_block, AssociationId=six["AssociationId"])
    EC2.delete_network_interface(NetworkInterfaceId=held)
    gone = EC2.disassociate_subnet_cidr_block(AssociationId=association)["Ipv6CidrBlockAssociation"]
    assert gone["Ipv6CidrBlockState"]["State"] == "disassociating"
    refused("InvalidSubnetCidrBlockAssociationID.NotFound", EC2.disassociate_subnet_cidr_block, AssociationId=association)
    EC2.disassociate_vpc_cidr_block(AssociationId=six["AssociationId"])
    assert EC2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"] == []
    for restricted in ("10.50.1.0/24", "192.168.0.0/16", "172.16.0.0/16", "198.19.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "10.51.0.0/29"):
        refused("InvalidVpc.Range", EC2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock=restricted)
    added = [EC2.associate_vpc_cidr_block(VpcId=vpc, CidrBlock=each)["CidrBlockAssociation"]["AssociationId"]
             for each in ("10.51.0.0/16", "100.64.0.0/16", "100.65.0.0/16", "203.0.112.0/24")]
    refused("CidrLimitExceeded", EC2.associate_vpc_cidr_block, VpcId=vpc, CidrBlock="10.53.0.0/16")
    local = [each["DestinationCidrBlock"] for each in EC2.describe_route_tables(Filters=only("vpc-id", vpc))["RouteTables"][0]["Routes"]]
    assert local == ["10.50.0.0/16", "10.51.0.0/16", "100.64.0.0/16", "100.65.0.0/16", "203.0.112.0/24"], local
    for each in added:
        EC2.disassociate_vpc_cidr_block(AssociationId=each)


def ways_out():
    vpc, subnet = LAB["vpc"], LAB["subnet"]
    main = EC2.describe_route_tables(Filters=[*only("association.main", "true"), *only("vpc-id", vpc)])["RouteTables"][0]
    assert [each["GatewayId"] for each in main["Routes"]] == ["local", "local"]
    gateway = EC2.create_internet_gateway(TagSpecifications=named("internet-gateway", "out"))["InternetGateway"]["InternetGatewayId"]
    table = EC2.create_route_table(VpcId=vpc, ClientToken="table-1", TagSpecifications=named("route-table", "out"))["RouteTable"]["RouteTableId"]
    again = EC2.create_route_table(VpcId=vpc, ClientToken="table-1", TagSpecifications=named("route-table", "out"))
    assert again["RouteTable"]["RouteTableId"] == table

    def route(destination, at=table):
        routes = EC2.describe_route_tables(RouteTableIds=[at])["RouteTables"][0]["Routes"]
        return [each for each in routes if destination in (each.get("DestinationCidrBlock"), each.get("DestinationIpv6CidrBlock"))][0]

    to = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    refused("InvalidParameterValue", EC2.create_route, GatewayId=gateway, **to)
    refused("Gateway.NotAttached", EC2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)
    EC2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    refused("Resource.AlreadyAssociated", EC2.attach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)
    refused("DependencyViolation", EC2.delete_internet_gateway, InternetGatewayId=gateway)
    assert EC2.create_route(GatewayId=gateway, **to)["Return"]
    refused("RouteAlreadyExists", EC2.create_route, GatewayId=gateway, **to)
    refused("RouteAlreadyExists", EC2.create_route, RouteTableId=table, DestinationCidrBlock="10.0.0.0/16", GatewayId=gateway)
    refused("UnsupportedOperation", EC2.create_route, RouteTableId=table, DestinationCidrBlock="10.0.7.0/24", GatewayId=gateway)
    refused("InvalidInternetGatewayID.NotFound", EC2.create_route, RouteTableId=table, DestinationCidrBlock="192.168.0.0/16",
            GatewayId="igw-0123456789abcdef0")
    refused("MissingParameter", EC2.create_route, **to)
    refused("InvalidParameterCombination", EC2.create_route, GatewayId=gateway, NatGatewayId="nat-0123456789abcdef0", **to)
    assert route("0.0.0.0/0") == {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "Origin": "CreateRoute", "State": "active"}
    assert route("10.0.0.0/16")["Origin"] == "CreateRouteTable"

    association = EC2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    assert association["AssociationState"]["State"] == "associated"
    refused("Resource.AlreadyAssociated", EC2.associate_route_table, RouteTableId=main["RouteTableId"], SubnetId=subnet)
    refused("DependencyViolation", EC2.delete_route_table, RouteTableId=table)
    for name, value in {
        "route-table-id": table, "vpc-id": vpc, "association.subnet-id": subnet, "association.main": "false", "tag:Name": "out",
        "association.route-table-association-id": association["AssociationId"], "association.route-table-id": table,
        "route.gateway-id": gateway, "route.destination-cidr-block": "0.0.0.0/0", "route.state": "active", "route.origin": "CreateRoute",
    }.items():
        found = EC2.describe_route_tables(Filters=only(name, value))["RouteTables"]
        assert table in [each["RouteTableId"] for each in found], name
    assert EC2.describe_route_tables(Filters=only("route.nat-gateway-id", "nat-0123456789abcdef0"))["RouteTables"] == []
    for name, value in {"internet-gateway-id": gateway, "attachment.vpc-id": vpc, "attachment.state": "available", "tag:Name": "out"}.items():
        found = EC2.describe_internet_gateways(Filters=only(name, value))["InternetGateways"]
        assert [each["InternetGatewayId"] for each in found] == [gateway], name

    kept = EC2.allocate_address(Domain="vpc", TagSpecifications=named("elastic-ip", "nat"))
    refused("MissingParameter", EC2.create_nat_gateway, SubnetId=subnet)
    refused("UnsupportedOperation", EC2.create_nat_gateway, SubnetId=subnet, ConnectivityType="private")
    refused("InvalidAllocationID.NotFound", EC2.create_nat_gateway, SubnetId=subnet, AllocationId="eipalloc-0123456789abcdef0")
    make = {"SubnetId": subnet, "AllocationId": kept["AllocationId"], "ClientToken": "nat-1", "TagSpecifications": named("natgateway", "out")}
    made = EC2.create_nat_gateway(**make)["NatGateway"]
    assert made["State"] == "pending" and EC2.create_nat_gateway(**make)["NatGateway"]["NatGatewayId"] == made["NatGatewayId"]
    nat = made["NatGatewayId"]
    refused("Resource.AlreadyAssociated", EC2.create_nat_gateway, SubnetId=subnet, AllocationId=kept["AllocationId"])
    EC2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
    seen = EC2.describe_nat_gateways(Filter=[*only("vpc-id", vpc), *only("state", "available"), *only("subnet-id", subnet)])["NatGateways"]
    assert [each["NatGatewayAddresses"][0]["PublicIp"] for each in seen] == [kept["PublicIp"]]
    its = described(seen[0]["NatGatewayAddresses"][0]["NetworkInterfaceId"])
    assert its["RequesterManaged"] and its["InterfaceType"] == "nat_gateway" and its["Status"] == "in-use"
    refused("AuthFailure", EC2.delete_network_interface, NetworkInterfaceId=its["NetworkInterfaceId"])
    refused("InvalidParameterValue", EC2.create_network_interface, SubnetId=subnet, InterfaceType="nat_gateway")
    user = EC2.describe_addresses(AllocationIds=[kept["AllocationId"]])["Addresses"][0]
    assert user["NetworkInterfaceId"] == its["NetworkInterfaceId"] and user["PrivateIpAddress"] == its["PrivateIpAddress"]
    assert EC2.describe_addresses(Filters=only("network-interface-id", its["NetworkInterfaceId"]))["Addresses"] == [user]
    refused("InvalidIPAddress.InUse", EC2.release_address, AllocationId=kept["AllocationId"])
    refused("DependencyViolation", EC2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)

    inner = EC2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    EC2.create_route(RouteTableId=inner, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    refused("InvalidParameterValue", EC2.replace_route, RouteTableId=inner, DestinationCidrBlock="192.168.0.0/16", NatGatewayId=nat)
    middle = eni()
    EC2.replace_route(RouteTableId=inner, DestinationCidrBlock="0.0.0.0/0", NetworkInterfaceId=middle)
    assert route("0.0.0.0/0", inner)["State"] == "blackhole"
    attachment = EC2.attach_network_interface(NetworkInterfaceId=middle, InstanceId=LAB["node"], DeviceIndex=1)["AttachmentId"]
    through = route("0.0.0.0/0", inner)
    assert (through["State"], through["InstanceId"], through["InstanceOwnerId"]) == ("active", LAB["node"], LAB["account"])
    refused("InvalidInstanceID", EC2.create_route, RouteTableId=inner, DestinationCidrBlock="192.168.0.0/16", InstanceId=LAB["node"])
    EC2.detach_network_interface(AttachmentId=attachment)
    EC2.create_route(RouteTableId=inner, DestinationCidrBlock="192.168.0.0/16", InstanceId=LAB["node"])
    assert route("192.168.0.0/16", inner)["NetworkInterfaceId"] == LAB["primary"]
    EC2.delete_network_interface(NetworkInterfaceId=middle)
    assert "InstanceId" not in route("0.0.0.0/0", inner)
    EC2.replace_route(RouteTableId=inner, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)

    egress = EC2.create_egress_only_internet_gateway(
        VpcId=vpc, ClientToken="egress-1", TagSpecifications=named("egress-only-internet-gateway", "out"))["EgressOnlyInternetGateway"]
    egress = egress["EgressOnlyInternetGatewayId"]
    assert EC2.describe_egress_only_internet_gateways(Filters=only("tag:Name", "out"))["EgressOnlyInternetGateways"]
    refused("InvalidParameterCombination", EC2.create_route, RouteTableId=inner, DestinationCidrBlock="172.16.0.0/12",
            EgressOnlyInternetGatewayId=egress)
    EC2.create_route(RouteTableId=inner, DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId=egress)
    for name, value in {"route.destination-ipv6-cidr-block": "::/0", "route.egress-only-internet-gateway-id": egress,
                        "route.nat-gateway-id": nat, "route.instance-id": LAB["node"]}.items():
        found = EC2.describe_route_tables(Filters=only(name, value))["RouteTables"]
        assert [each["RouteTableId"] for each in found] == [inner], name
    kinds = {each["ResourceType"] for each in EC2.describe_tags(Filters=only("key", "Name"))["Tags"]}
    assert kinds >= {"internet-gateway", "route-table", "elastic-ip", "natgateway", "egress-only-internet-gateway"}, kinds
    EC2.create_tags(Resources=[table, gateway, nat, egress, kept["AllocationId"]], Tags=[{"Key": "later", "Value": "too"}])
    assert len(EC2.describe_tags(Filters=only("key", "later"))["Tags"]) == 5

    # What goes leaves its routes behind, and they lead nowhere.
    assert EC2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=egress)["ReturnCode"]
    refused("InvalidGatewayID.NotFound", EC2.delete_egress_only_internet_gateway, EgressOnlyInternetGatewayId=egress)
    assert EC2.delete_nat_gateway(NatGatewayId=nat)["NatGatewayId"] == nat
    EC2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[nat], WaiterConfig={"Delay": 1})
    assert EC2.describe_nat_gateways(NatGatewayIds=[nat])["NatGateways"][0]["DeleteTime"]
    assert route("::/0", inner)["State"] == "blackhole" and route("0.0.0.0/0", inner)["State"] == "blackhole"
    assert EC2.describe_route_tables(Filters=only("route.state", "blackhole"))["RouteTables"][0]["RouteTableId"] == inner
    refused("InvalidNetworkInterfaceID.NotFound", described, eni_id=its["NetworkInterfaceId"])
    EC2.release_address(AllocationId=kept["AllocationId"])

    moved = EC2.replace_route_table_association(AssociationId=association["AssociationId"], RouteTableId=inner)["NewAssociationId"]
    refused("InvalidAssociationID.NotFound", EC2.disassociate_route_table, AssociationId=association["AssociationId"])
    EC2.disassociate_route_table(AssociationId=moved)
    of_main = main["Associations"][0]["RouteTableAssociationId"]
    refused("InvalidParameterValue", EC2.disassociate_route_table, AssociationId=of_main)
    other = EC2.replace_route_table_association(AssociationId=of_main, RouteTableId=inner)["NewAssociationId"]
    assert EC2.describe_route_tables(RouteTableIds=[inner])["RouteTables"][0]["Associations"][0]["Main"]
    EC2.replace_route_table_association(AssociationId=other, RouteTableId=main["RouteTableId"])
    for each in ("0.0.0.0/0", "192.168.0.0/16"):
        EC2.delete_route(RouteTableId=inner, DestinationCidrBlock=each)
    refused("InvalidRoute.NotFound", EC2.delete_route, RouteTableId=inner, DestinationCidrBlock="0.0.0.0/0")
    refused("InvalidParameterValue", EC2.delete_route, RouteTableId=inner, DestinationCidrBlock="10.0.0.0/16")
    # An instance here has a public address; in the other VPC none has.
    refused("DependencyViolation", EC2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc)
    spare = EC2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    EC2.attach_internet_gateway(InternetGatewayId=spare, VpcId=LAB["plainVpc"])
    plain = EC2.describe_route_tables(Filters=only("vpc-id", LAB["plainVpc"]))["RouteTables"][0]["RouteTableId"]
    refused("InvalidParameterValue", EC2.create_route, RouteTableId=plain, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    EC2.create_route(RouteTableId=plain, DestinationCidrBlock="0.0.0.0/0", GatewayId=spare)
    EC2.detach_internet_gateway(InternetGatewayId=spare, VpcId=LAB["plainVpc"])
    assert route("0.0.0.0/0", plain)["State"] == "blackhole"
    EC2.delete_internet_gateway(InternetGatewayId=spare)
    assert route("0.0.0.0/0", plain)["State"] == "blackhole"
    EC2.delete_route(RouteTableId=plain, DestinationCidrBlock="0.0.0.0/0")
    for each in (table, inner):
        EC2.delete_route_table(RouteTableId=each)
    refused("InvalidRouteTableID.NotFound", EC2.describe_route_tables, RouteTableIds=[table])
    refused("UnsupportedOperation", EC2.create_route, RouteTableId=main["RouteTableId"], DestinationCidrBlock="192.168.0.0/16",
            TransitGatewayId="tgw-0123456789abcdef0")


def what_goes_with_an_instance():
    node = LAB["doomed"]
    goes, stays = eni(), eni()
    for index, each in enumerate((goes, stays)):
        attachment = EC2.attach_network_interface(NetworkInterfaceId=each, InstanceId=node, DeviceIndex=index + 1)["AttachmentId"]
        EC2.modify_network_interface_attribute(
            NetworkInterfaceId=each, Attachment={"AttachmentId": attachment, "DeleteOnTermination": each == goes})
    options = EC2.modify_instance_metadata_options(InstanceId=node, HttpPutResponseHopLimit=2)["InstanceMetadataOptions"]
    assert options["HttpPutResponseHopLimit"] == 2
    assert EC2.stop_instances(InstanceIds=[node])["StoppingInstances"][0]["CurrentState"]["Name"] == "stopping"
    assert EC2.start_instances(InstanceIds=[node])["StartingInstances"][0]["PreviousState"]["Name"] == "stopped"
    EC2.get_waiter("instance_running").wait(InstanceIds=[node], WaiterConfig={"Delay": 1})
    EC2.terminate_instances(InstanceIds=[node])
    EC2.get_waiter("instance_terminated").wait(InstanceIds=[node], WaiterConfig={"Delay": 1})
    refused("InvalidNetworkInterfaceID.NotFound", described, eni_id=goes)
    assert described(stays)["Status"] == "available"
    refused("IncorrectInstanceState", EC2.start_instances, InstanceIds=[node])
    EC2.delete_network_interface(NetworkInterfaceId=stays)


def each_error():
    none = "0123456789abcdef0"
    holder = eni()
    refused("InvalidSubnetID.NotFound", EC2.create_network_interface, SubnetId="subnet-" + none)
    refused("InvalidSubnetID.Malformed", EC2.create_network_interface, SubnetId="subnet-elephant")
    refused("InvalidGroup.NotFound", EC2.create_network_interface, SubnetId=LAB["subnet"], Groups=["sg-" + none])
    refused("InvalidGroupId.Malformed", EC2.create_network_interface, SubnetId=LAB["subnet"], Groups=["web"])
    refused("InvalidNetworkInterfaceID.NotFound", described, eni_id="eni-" + none)
    refused("InvalidNetworkInterfaceId.Malformed", described, eni_id="eni-12")
    refused("InvalidAttachmentID.NotFound", EC2.detach_network_interface, AttachmentId="eni-attach-" + none)
    refused("InvalidNetworkInterfaceAttachmentId.Malformed", EC2.detach_network_interface, AttachmentId="eni-" + none)
    refused("InvalidInstanceID.NotFound", EC2.attach_network_interface, NetworkInterfaceId=holder, InstanceId="i-" + none, DeviceIndex=1)
    refused("InvalidInstanceID.Malformed", EC2.describe_instances, InstanceIds=["node-1"])
    refused("InvalidVpcID.NotFound", EC2.describe_vpcs, VpcIds=["vpc-" + none])
    refused("InvalidInstanceType", EC2.describe_instance_types, InstanceTypes=["m99.huge"])
    refused("InvalidID", EC2.create_tags, Resources=["car-1"], Tags=[{"Key": "k", "Value": "v"}])
    refused("InvalidParameterValue", EC2.describe_network_interfaces, Filters=[{"Name": "colour", "Values": ["red"]}])
    refused("FilterLimitExceeded", EC2.describe_network_interfaces,
            Filters=[{"Name": "description", "Values": [str(number) for number in range(201)]}])
    refused("InvalidPaginationToken", EC2.describe_network_interfaces, MaxResults=5, NextToken="rubbish")
    refused("InvalidParameterCombination", EC2.describe_network_interfaces, MaxResults=5, NetworkInterfaceIds=[holder])
    refused("InvalidParameterCombination", EC2.assign_private_ip_addresses, NetworkInterfaceId=holder,
            SecondaryPrivateIpAddressCount=1, Ipv4PrefixCount=1)
    refused("MissingParameter", EC2.assign_private_ip_addresses, NetworkInterfaceId=holder)
    refused("InvalidParameterValue", EC2.unassign_private_ip_addresses, NetworkInterfaceId=holder, PrivateIpAddresses=["10.0.0.99"])
    refused("InvalidParameterValue", EC2.create_network_interface, SubnetId=LAB["subnet"], PrivateIpAddress="10.0.0.2")
    refused("InvalidIPAddress.InUse", EC2.create_network_interface, SubnetId=LAB["subnet"],
            PrivateIpAddress=described(holder)["PrivateIpAddress"])
    refused("PrivateIpAddressLimitExceeded", EC2.assign_private_ip_addresses, NetworkInterfaceId=LAB["primary"],
            SecondaryPrivateIpAddressCount=10)
    refused("InsufficientFreeAddressesInSubnet", EC2.create_network_interface, SubnetId=LAB["small"], SecondaryPrivateIpAddressCount=11)
    refused("InsufficientCidrBlocks", EC2.create_network_interface, SubnetId=LAB["small"], Ipv4PrefixCount=1)
    refused("SecurityGroupsPerInterfaceLimitExceeded", EC2.create_network_interface, SubnetId=LAB["subnet"], Groups=LAB["groups"])
    primary = described(LAB["primary"])["Attachment"]["AttachmentId"]
    refused("OperationNotPermitted", EC2.detach_network_interface, AttachmentId=primary)
    refused("InvalidNetworkInterface.InUse", EC2.attach_network_interface, NetworkInterfaceId=LAB["primary"],
            InstanceId=LAB["node"], DeviceIndex=1)
    refused("InvalidParameterValue", EC2.attach_network_interface, NetworkInterfaceId=holder, InstanceId=LAB["node"], DeviceIndex=0)
    extra = [eni(), eni()]
    attached = [EC2.attach_network_interface(NetworkInterfaceId=each, InstanceId=LAB["node"], DeviceIndex=1 + index)["AttachmentId"]
                for index, each in enumerate(extra)]
    refused("AttachmentLimitExceeded", EC2.attach_network_interface, NetworkInterfaceId=holder, InstanceId=LAB["node"], DeviceIndex=3)
    for index, each in enumerate(extra):
        EC2.detach_network_interface(AttachmentId=attached[index])
        EC2.delete_network_interface(NetworkInterfaceId=each)
    refused("IdempotentParameterMismatch", EC2.create_network_interface, SubnetId=LAB["subnet"], ClientToken="life-1")
    refused("TagLimitExceeded", EC2.create_tags, Resources=[holder], Tags=[{"Key": str(number), "Value": ""} for number in range(51)])
    refused("InvalidParameterValue", EC2.create_tags, Resources=[holder], Tags=[{"Key": "aws:mine", "Value": ""}])
    refused("AuthFailure", EC2.delete_network_interface, NetworkInterfaceId=LAB["managed"])
    refused("DryRunOperation", EC2.create_network_interface, SubnetId=LAB["subnet"], DryRun=True)
    refused("UnsupportedOperation", EC2.describe_network_acls)
    refused("UnsupportedOperation", EC2.create_transit_gateway)
    refused("UnsupportedOperation", EC2.describe_vpc_peering_connections)
    reader = client("reader")
    refused("UnauthorizedOperation", reader.create_network_interface, SubnetId=LAB["subnet"])
    refused("UnauthorizedOperation", reader.create_network_interface, SubnetId=LAB["subnet"], DryRun=True)
    refused("DryRunOperation", reader.describe_vpcs, DryRun=True)
    refused("AuthFailure", client("stranger").describe_vpcs)
    refused("RequestExpired", client("late").describe_vpcs)
    assert described(holder)["TagSet"] == []
    EC2.delete_network_interface(NetworkInterfaceId=holder)


def refusals_that_pass_are_tried_again():
    # The lab throttles the first two of these, and drops the connection of the third.
    assert EC2.describe_availability_zones()["AvailabilityZones"]
    assert EC2.describe_regions()["Regions"]


def credentials_and_facts_from_instance_metadata():
    os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = LAB["metadata"]
    session = boto3.Session(region_name=LAB["region"])
    assert session.get_credentials().method == "iam-role"
    found = session.client("ec2", endpoint_url=LAB["endpoint"]).describe_instances(InstanceIds=[LAB["node"]])
    assert len(found["Reservations"]) == 1
    token = ask("PUT", "api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    macs = "meta-data/network/interfaces/macs/"
    known = {"X-aws-ec2-metadata-token": token}
    mac = ask("GET", "meta-data/mac", known)
    seen = described(LAB["primary"])
    assert mac == seen["MacAddress"]
    for path, value in {
        "interface-id": LAB["primary"], "device-number": "0", "subnet-id": LAB["subnet"], "vpc-id": LAB["vpc"],
        "local-ipv4s": seen["PrivateIpAddress"], "ipv6s": seen["Ipv6Addresses"][0]["Ipv6Address"],
        "ipv6-prefix": seen["Ipv6Prefixes"][0]["Ipv6Prefix"], "subnet-ipv4-cidr-block": "10.0.0.0/24",
        "subnet-ipv6-cidr-blocks": "2001:db8:0:101::/64", "vpc-ipv4-cidr-blocks": "10.0.0.0/16",
        "vpc-ipv6-cidr-blocks": "2001:db8:0:100::/56", "security-group-ids": LAB["defaultGroup"],
    }.items():
        assert ask("GET", macs + mac + "/" + path, known) == value, path
    assert ask("GET", "meta-data/ipv6", known) == seen["Ipv6Addresses"][0]["Ipv6Address"]
    assert json.loads(ask("GET", "dynamic/instance-identity/document", known))["region"] == LAB["region"]
    assert ask("GET", macs + mac + "/ipv4-prefix", known) == 404
    assert ask("GET", "meta-data/mac", {}) == 401


def ask(method, path, headers):
    request = urllib.request.Request(LAB["metadata"] + "/latest/" + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code


def aws(*words):
    """The AWS CLI in this process: its code, without the second that it takes to start."""
    driver = create_clidriver()
    STRICT.watch(driver.session.get_component("event_emitter"))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = driver.main(["ec2", *words])
    return code, out.getvalue(), err.getvalue()


def ok(*words):
    code, out, err = aws(*words)
    assert code == 0, err
    return json.loads(out) if out.strip() else None


def command_line_environment():
    keys = LAB["keys"]["node"]
    return {
        "AWS_ACCESS_KEY_ID": keys["id"], "AWS_SECRET_ACCESS_KEY": keys["secret"], "AWS_SESSION_TOKEN": keys["token"],
        "AWS_DEFAULT_REGION": LAB["region"], "AWS_ENDPOINT_URL_EC2": LAB["endpoint"], "AWS_PAGER": "", "AWS_DEFAULT_OUTPUT": "json",
        "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def the_command_line_walks_too():
    os.environ.update(command_line_environment())
    made = ok("create-network-interface", "--subnet-id", LAB["subnet"], "--description", "by the command line",
              "--tag-specifications", "ResourceType=network-interface,Tags=[{Key=made,Value=cli}]")["NetworkInterface"]
    eni_id = made["NetworkInterfaceId"]
    assert ok("wait", "network-interface-available", "--network-interface-ids", eni_id) is None
    addresses = ok("assign-private-ip-addresses", "--network-interface-id", eni_id, "--secondary-private-ip-address-count", "2")
    assert len(addresses["AssignedPrivateIpAddresses"]) == 2
    ok("assign-private-ip-addresses", "--network-interface-id", eni_id, "--ipv4-prefix-count", "1")
    ok("assign-ipv6-addresses", "--network-interface-id", eni_id, "--ipv6-prefix-count", "1")
    attachment = ok("attach-network-interface", "--network-interface-id", eni_id, "--instance-id", LAB["node"], "--device-index", "1")
    ok("modify-network-interface-attribute", "--network-interface-id", eni_id,
       "--attachment", "AttachmentId=%s,DeleteOnTermination=true" % attachment["AttachmentId"])
    ok("modify-network-interface-attribute", "--network-interface-id", eni_id, "--no-source-dest-check")
    ok("create-tags", "--resources", eni_id, "--tags", "Key=later,Value=too")
    seen = ok("describe-network-interfaces", "--filters", "Name=tag:made,Values=cli", "Name=status,Values=in-use",
              "--query", "NetworkInterfaces[0].{id: NetworkInterfaceId, prefixes: Ipv4Prefixes[].Ipv4Prefix, check: SourceDestCheck}")
    assert seen["id"] == eni_id and len(seen["prefixes"]) == 1 and not seen["check"], seen
    paged = ok("describe-instance-types", "--page-size", "100", "--max-items", "150", "--query", "length(InstanceTypes)")
    assert paged == 150, paged
    code, _, err = aws("delete-network-interface", "--network-interface-id", eni_id)
    assert code == 254 or code == 255, code
    assert "An error occurred (InvalidParameterValue) when calling the DeleteNetworkInterface operation" in err, err
    ok("detach-network-interface", "--attachment-id", attachment["AttachmentId"])
    ok("delete-network-interface", "--network-interface-id", eni_id)
    # Once as people run it, in a process of its own.
    program = os.path.join(os.path.dirname(sys.executable), "aws")
    done = subprocess.run([program, "ec2", "describe-network-interfaces", "--network-interface-ids", eni_id],
                          env={**os.environ, **command_line_environment()}, capture_output=True, text=True, timeout=120)
    assert done.returncode in (254, 255) and "InvalidNetworkInterfaceID.NotFound" in done.stderr, done


def every_action_was_answered():
    missing = set(LAB["actions"]) - STRICT.answered
    assert not missing, "never answered here: " + ", ".join(sorted(missing))


def every_answer_fits_the_model():
    assert not STRICT.problems, "\n".join(sorted(STRICT.problems))


def every_action_has_its_rows():
    rows = set(STRICT.always)
    assert set(LAB["actions"]) == rows, "always.txt lacks %s, and has %s for nothing" % (
        sorted(set(LAB["actions"]) - rows), sorted(rows - set(LAB["actions"])))


def no_documented_field_is_missing():
    missing = STRICT.documented(set(LAB["actions"]))
    assert not missing, "\n".join(sorted(missing))
    useless = stale(STRICT, set(LAB["actions"]))
    assert not useless, "left-out.txt has entries of no use:\n" + "\n".join(sorted(useless))


CASES = [
    the_life_of_an_interface,
    addresses_and_prefixes_of_both_families,
    tags_filters_and_pages,
    public_addresses,
    trunks_and_branches,
    security_groups,
    networks_and_reservations,
    blocks_of_both_families,
    ways_out,
    what_goes_with_an_instance,
    each_error,
    credentials_and_facts_from_instance_metadata,
    refusals_that_pass_are_tried_again,
    the_command_line_walks_too,
    every_action_was_answered,
    every_answer_fits_the_model,
    every_action_has_its_rows,
    no_documented_field_is_missing,
]

for case in CASES:
    try:
        case()
        print("ok", case.__name__, flush=True)
    except Exception:
        print("not ok", case.__name__)
        for line in traceback.format_exc().splitlines():
            print("    " + line)
        sys.stdout.flush()
