"""Asks an AmazonSSM endpoint by boto3's own paginators, waiter and exceptions.

Reads {"endpoint", "succeeded", "failed"}: the last two are the CommandId and InstanceId of an invocation with one step
that ended in that way. Prints the replies, with times as epoch seconds. With {"endpoint", "awaited"} it only waits for
that invocation.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError, WaiterError

given = json.load(sys.stdin)
ssm = boto3.client("ssm", endpoint_url=given["endpoint"])


def wait(key, attempts):
    try:
        ssm.get_waiter("command_executed").wait(**key, WaiterConfig={"Delay": 1, "MaxAttempts": attempts})
        return "Success"
    except WaiterError as error:
        return error.last_response["Status"]


def code_of(ask, **parameters):
    try:
        ask(**parameters)
    except ClientError as error:
        return [type(error).__name__, error.response["Error"]["Code"], error.response["Error"].get("Message", "")]


def listings():
    invocations = ssm.get_paginator("list_command_invocations")
    config = {"PageSize": 30}
    pages = list(invocations.paginate(Details=True, PaginationConfig=config))
    found = [item for page in pages for item in page["CommandInvocations"]]
    failed = invocations.paginate(Filters=[{"key": "Status", "value": "Failed"}], PaginationConfig={"PageSize": 3})
    resumed = []
    token = None
    while True:
        part = invocations.paginate(
            PaginationConfig={"PageSize": 20, "MaxItems": 33, "StartingToken": token}
        ).build_full_result()
        resumed.append(len(part["CommandInvocations"]))
        token = part.get("NextToken")
        if token is None:
            break
    commands = ssm.get_paginator("list_commands").paginate(PaginationConfig={"PageSize": 9})
    return {
        "sizes": [len(page["CommandInvocations"]) for page in pages],
        "invocations": found,
        "failed": list(failed.search("CommandInvocations[].[CommandId, InstanceId]")),
        "resumed": resumed,
        "commands": list(commands.search("Commands[].CommandId")),
    }


def answers():
    return {
        **listings(),
        "waited": [wait(given["succeeded"], 1), wait(given["failed"], 1)],
        "refused": [
            code_of(ssm.get_command_invocation, CommandId="0" * 36, InstanceId="i-00000000"),
            code_of(ssm.get_command_invocation, **given["succeeded"], PluginName="no such step"),
            code_of(ssm.list_commands, NextToken="made up"),
            code_of(ssm.list_commands, MaxResults=51),
            code_of(ssm.describe_parameters),
        ],
    }


result = wait(given["awaited"], 40) if "awaited" in given else answers()
print(json.dumps(result, default=lambda time: round(time.timestamp() * 1000) / 1000))
