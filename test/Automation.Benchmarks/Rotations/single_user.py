"""The yardstick: what AWS's published single-user rotation function for PostgreSQL does in each step, in its order, with its
modules and its calls, behind the Lambda Runtime API. Written anew from its documented steps; its messages and its support
for master secrets are left out. Secrets here say "ssl": true, so every connection is verified, as in RotateSecret.
"""
import http.client
import json
import logging
import os
import sys

import boto3

# Where Debian's packages are, for an interpreter that is not Debian's; last, so that it shadows nothing.
sys.path.append("/usr/lib/python3/dist-packages")
import pg
import pgdb

logger = logging.getLogger()
logger.setLevel(logging.INFO)
REQUIRED = ("host", "username", "password", "engine")


def handle(event):
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    # As the sample has it: a client for every step.
    client = boto3.client("secretsmanager", endpoint_url=os.environ["SECRETS_MANAGER_ENDPOINT"])
    secret = client.describe_secret(SecretId=arn)
    if not secret.get("RotationEnabled", True):
        raise ValueError("rotation is not enabled")
    stages = secret["VersionIdsToStages"][token]
    if "AWSCURRENT" in stages:
        return
    if "AWSPENDING" not in stages:
        raise ValueError("the version is not pending")
    {"createSecret": create, "setSecret": set_password, "testSecret": test, "finishSecret": finish}[step](client, arn, token)


def create(client, arn, token):
    current = read(client, arn, "AWSCURRENT")
    try:
        read(client, arn, "AWSPENDING", token)
    except client.exceptions.ResourceNotFoundException:
        current["password"] = client.get_random_password(ExcludeCharacters=":/@\"'\\")["RandomPassword"]
        client.put_secret_value(
            SecretId=arn, ClientRequestToken=token, SecretString=json.dumps(current), VersionStages=["AWSPENDING"])


def set_password(client, arn, token):
    try:
        previous = read(client, arn, "AWSPREVIOUS")
    except client.exceptions.ResourceNotFoundException:
        previous = None
    current = read(client, arn, "AWSCURRENT")
    pending = read(client, arn, "AWSPENDING", token)
    if connection := connect(pending):
        connection.close()
        return
    if (current["username"], current["host"]) != (pending["username"], pending["host"]):
        raise ValueError("the pending version is for another role or host")
    connection = connect(current) or (previous and connect(previous))
    if not connection:
        raise ValueError("no version logs in")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT quote_ident(%s)", (pending["username"],))
            role = cursor.fetchone()[0]
            cursor.execute("ALTER USER " + role + " WITH PASSWORD %s", (pending["password"],))
            connection.commit()
    finally:
        connection.close()


def test(client, arn, token):
    connection = connect(read(client, arn, "AWSPENDING", token))
    if not connection:
        raise ValueError("the pending version does not log in")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT NOW()")
            connection.commit()
    finally:
        connection.close()


def finish(client, arn, token):
    versions = client.describe_secret(SecretId=arn)["VersionIdsToStages"]
    current = next(version for version, stages in versions.items() if "AWSCURRENT" in stages)
    if current != token:
        client.update_secret_version_stage(
            SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current)


def read(client, arn, stage, token=None):
    version = {"VersionId": token} if token else {}
    secret = json.loads(client.get_secret_value(SecretId=arn, VersionStage=stage, **version)["SecretString"])
    for field in REQUIRED:
        if field not in secret:
            raise KeyError(field)
    return secret


def connect(secret):
    try:
        return pgdb.connect(
            host=secret["host"], port=int(secret["port"]), user=secret["username"], password=secret["password"],
            database=secret.get("dbname", "postgres"), connect_timeout=5,
            sslmode="verify-full", sslrootcert=os.environ["CA_BUNDLE_PATH"])
    except pg.InternalError as error:
        logger.error("no connection: %s", type(error).__name__)
        return None


def serve():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    root = "/2018-06-01/runtime/invocation/"
    while True:
        api.request("GET", root + "next")
        answer = api.getresponse()
        event, invocation = json.loads(answer.read()), root + answer.headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            handle(event)
            api.request("POST", invocation + "/response", "null")
        except Exception as error:
            report = {"errorType": type(error).__name__, "errorMessage": str(error)}
            api.request("POST", invocation + "/error", json.dumps(report))
        api.getresponse().read()


if __name__ == "__main__":
    serve()
