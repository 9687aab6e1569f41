"""Creates stacks in moto and prints, as one line of JSON, what is there afterwards: `deploy.py ENDPOINT ACCOUNT REQUEST`.

The request is a file, {"stacks": [{"name", "template", "parameters"}], "unmade": [type]}. Resources of unmade types are left out of the
stacks and tried by themselves. The answer: made, of each stack the logical ids that CloudFormation says it made; unlisted, those
of them that their own service does not know; alone, the unmade types that moto does make. Outputs are left out: moto refuses
those that ask for attributes it does not know. All in an account of its own, where nobody else is.
"""
import functools
import io
import json
import sys
import zipfile

import boto3
import botocore.exceptions
import botocore.parsers

REGION = "eu-central-1"

# What moto falls over, though it makes the resource: it takes the group itself for its name.
FAULTY_PROPERTIES = {("AWS::RDS::DBInstance", "DBParameterGroupName")}
UNKNOWN_ATTRIBUTES = {"DbiResourceId"}

# Type → how its own service lists it: service, operation, member of the answer, and what names one.
OWN = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "AWS::CloudWatch::Dashboard": ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    "AWS::DynamoDB::Table": ("dynamodb", "list_tables", "TableNames", None),
    "AWS::EC2::SecurityGroup": ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    "AWS::EC2::VPCEndpoint": ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    "AWS::Events::Rule": ("events", "list_rules", "Rules", "Name"),
    "AWS::IAM::Role": ("iam", "list_roles", "Roles", "RoleName"),
    "AWS::KMS::Key": ("kms", "list_keys", "Keys", "KeyId"),
    "AWS::Lambda::Function": ("lambda", "list_functions", "Functions", "FunctionName"),
    "AWS::Logs::LogGroup": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "AWS::RDS::DBInstance": ("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    "AWS::RDS::DBParameterGroup": ("rds", "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName"),
    "AWS::RDS::DBSubnetGroup": ("rds", "describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName"),
    "AWS::S3::Bucket": ("s3", "list_buckets", "Buckets", "Name"),
    "AWS::SNS::Topic": ("sns", "list_topics", "Topics", "TopicArn"),
    "AWS::SQS::Queue": ("sqs", "list_queues", "QueueUrls", None),
}


def account(endpoint, number):
    """Whoever takes a role of another account is in that account, in moto as in AWS."""
    anybody = {"aws_access_key_id": "lab", "aws_secret_access_key": "lab", "region_name": REGION, "endpoint_url": endpoint}
    taken = boto3.client("sts", **anybody).assume_role(RoleArn=f"arn:aws:iam::{number}:role/deployer", RoleSessionName="deployer")["Credentials"]
    session = boto3.Session(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"], REGION)
    # To make a client takes longer than most calls.
    return functools.cache(lambda service: session.client(service, endpoint_url=endpoint))


def names(client, kind):
    service, operation, member, name = OWN[kind]
    pages = client(service)
    if pages.can_paginate(operation):
        items = [item for page in pages.get_paginator(operation).paginate() for item in page.get(member, [])]
    else:
        items = getattr(pages, operation)().get(member, [])
    # A log group's name has slashes, and so has the URL of a queue, whose end is its name.
    return {(item[name] if name else item).rsplit("/", 1)[-1] for item in items}


def upload(client):
    """The package that transform.py says is in S3."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as content:
        content.writestr("Automation.dll", "")
    client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("s3").put_object(Bucket="bucket", Key="automation.zip", Body=package.getvalue())


def without(node, absent):
    """What refers to a resource that is not there reads as its name: moto would fall over."""
    if isinstance(node, list):
        return [without(item, absent) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("Ref") in absent:
        return node["Ref"]
    if "Fn::GetAtt" in node and (node["Fn::GetAtt"][0] in absent or node["Fn::GetAtt"][1] in UNKNOWN_ATTRIBUTES):
        return ".".join(node["Fn::GetAtt"])
    return {name: without(value, absent) for name, value in node.items()}


def reduced(template, kept):
    """The template with these of its resources, as far as moto understands it."""
    everything = template["Resources"]
    absent = everything.keys() - set(kept)
    resources = {}
    for name in kept:
        resource = {key: value for key, value in everything[name].items() if key != "DependsOn"}
        properties = {key: value for key, value in resource["Properties"].items() if (resource["Type"], key) not in FAULTY_PROPERTIES}
        resources[name] = {**resource, "Properties": without(properties, absent)}
    return {"Parameters": template["Parameters"], "Conditions": template.get("Conditions", {}), "Resources": resources}


def create(client, network, name, template, parameters):
    """Logical id → type and physical id of what CloudFormation says it made."""
    given = {**parameters, **{key: value for key, value in network.items() if key in template["Parameters"]}}
    # Handed over through S3, as `sam deploy` does.
    client("s3").put_object(Bucket="bucket", Key=name, Body=json.dumps(template))
    client("cloudformation").create_stack(
        StackName=name,
        TemplateURL=f"https://bucket.s3.{REGION}.amazonaws.com/{name}",
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    made = client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    return {
        resource["LogicalResourceId"]: (resource["ResourceType"], resource.get("PhysicalResourceId"))
        for resource in made
        if resource.get("ResourceType")
    }


def is_made(client, network, template, parameters, name):
    """Whether moto makes this resource when it is asked for nothing else."""
    alone = reduced(template, [name])
    alone["Resources"][name].pop("Condition", None)
    try:
        return create(client, network, f"alone-{name}", alone, parameters) != {}
    except (botocore.exceptions.ClientError, botocore.exceptions.ParamValidationError, botocore.parsers.ResponseParserError):
        return False


def unlisted(client, before, made):
    """What its own service does not list; where CloudFormation gives no physical id, whether it lists so many new ones."""
    missing = []
    for kind in OWN:
        new = names(client, kind) - before[kind]
        ids = [(name, physical) for made_kind, name, physical in made if made_kind == kind]
        missing += [f"{kind} {name}" for name, physical in ids if physical and physical.rsplit("/", 1)[-1] not in new]
        if len(new) < len(ids):
            missing.append(f"{kind}: {len(ids)} made, {len(new)} listed")
    return missing


def surroundings(client):
    """A network such as every account has, and the package that transform.py says is in S3."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as content:
        content.writestr("Automation.dll", "")
    client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    client("s3").put_object(Bucket="bucket", Key="automation.zip", Body=package.getvalue())
    ec2 = client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    subnets = ",".join(subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2])
    return {
        "VpcId": vpc,
        "SubnetIds": subnets,
        "VpcSubnetIds": subnets,
        "VpcSecurityGroupIds": ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"],
        "EndpointVpcId": vpc,
        "EndpointRouteTableIds": ec2.describe_route_tables()["RouteTables"][0]["RouteTableId"],
    }


def main(endpoint, number, path):
    with open(path, encoding="utf-8") as file:
        request = json.load(file)
    client = account(endpoint, number)
    network = surroundings(client)
    answer = {"made": {}, "alone": []}
    made = {}
    before = {kind: names(client, kind) for kind in OWN}
    for stack in request["stacks"]:
        kept = [name for name, resource in stack["template"]["Resources"].items() if resource["Type"] not in request["unmade"]]
        made[stack["name"]] = create(client, network, stack["name"], reduced(stack["template"], kept), stack["parameters"])
        answer["made"][stack["name"]] = sorted(made[stack["name"]])
    everything = [(kind, name, physical) for resources in made.values() for name, (kind, physical) in resources.items()]
    answer["unlisted"] = unlisted(client, before, everything)
    untried = set(request["unmade"])
    for stack in request["stacks"]:
        for name, resource in stack["template"]["Resources"].items():
            kind = resource["Type"]
            if kind in untried:
                untried.remove(kind)
                if is_made(client, network, stack["template"], stack["parameters"], name):
                    answer["alone"].append(kind)
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
