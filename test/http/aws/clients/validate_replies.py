"""Checks replies of AmazonSSM against botocore's model of it.

Reads a JSON list of {"operation", "status", "text"}, and prints the JSON list of what is wrong: members that the model
does not have, types, required members, and the bounds, patterns and enumerations of every value.
"""

import json
import re
import sys

import botocore.session

MODEL = botocore.session.get_session().get_service_model("ssm")

# Errors that every operation may have. The model lists them for none; the service's reference lists them separately.
COMMON_ERRORS = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationException",
}

# The model's pattern for the times and the duration of GetCommandInvocation fits neither: it allows one digit after the
# point, and no duration. The service writes times with milliseconds, and a duration such as PT0.091S.
SERVICE_PATTERNS = {
    "StringDateTime": r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|PT(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,3})?S)?)$",
}


def value_faults(shape, value, path):
    check = CHECKS.get(shape.type_name)
    return check(shape, value, path) if check else [f"{path}: {shape.type_name} is not expected"]


def structure_faults(shape, value, path):
    if not isinstance(value, dict):
        return [f"{path} is not a structure"]
    faults = [f"{path}.{name} is required" for name in shape.required_members if name not in value]
    for name, member in value.items():
        if name not in shape.members:
            faults.append(f"{path}.{name} is not in the model")
        else:
            faults += value_faults(shape.members[name], member, f"{path}.{name}")
    return faults


def list_faults(shape, value, path):
    if not isinstance(value, list):
        return [f"{path} is not a list"]
    faults = bound_faults(shape, len(value), path, "items")
    for item in value:
        faults += value_faults(shape.member, item, f"{path}[]")
    return faults


def map_faults(shape, value, path):
    if not isinstance(value, dict):
        return [f"{path} is not a map"]
    faults = bound_faults(shape, len(value), path, "entries")
    for key, item in value.items():
        faults += value_faults(shape.key, key, f"{path}.keys")
        faults += value_faults(shape.value, item, f"{path}.values")
    return faults


def string_faults(shape, value, path):
    if not isinstance(value, str):
        return [f"{path} is not a string"]
    # The service itself writes an empty string for a value that is not set, whatever its model says.
    if value == "":
        return []
    faults = bound_faults(shape, len(value), path, "characters")
    pattern = SERVICE_PATTERNS.get(shape.name, shape.metadata.get("pattern"))
    if pattern and not re.search(python_pattern(pattern), value):
        faults.append(f"{path} does not match the pattern {pattern}")
    if shape.enum and value not in shape.enum:
        faults.append(f"{path} is not in the enumeration: {value}")
    return faults


def python_pattern(pattern):
    """Replaces Java's classes of letters, digits and spaces with the nearest ones of Python."""
    return pattern.replace("\\p{L}", "\\w").replace("\\p{N}", "\\w").replace("\\p{Z}", "\\s")


def integer_faults(shape, value, path):
    if isinstance(value, bool) or not isinstance(value, int):
        return [f"{path} is not a whole number"]
    return bound_faults(shape, value, path, "")


def boolean_faults(shape, value, path):
    return [] if isinstance(value, bool) else [f"{path} is not a boolean"]


def timestamp_faults(shape, value, path):
    # AWS JSON has a number of seconds; the JavaScript SDK throws at anything else.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return [f"{path} is not a number of seconds"]
    return [] if round(value * 1000) / 1000 == value else [f"{path} is finer than milliseconds"]


def bound_faults(shape, size, path, unit):
    faults = []
    if size < shape.metadata.get("min", size):
        faults.append(f"{path} is less than {shape.metadata['min']} {unit}".strip())
    if size > shape.metadata.get("max", size):
        faults.append(f"{path} is more than {shape.metadata['max']} {unit}".strip())
    return faults


CHECKS = {
    "structure": structure_faults,
    "list": list_faults,
    "map": map_faults,
    "string": string_faults,
    "integer": integer_faults,
    "boolean": boolean_faults,
    "timestamp": timestamp_faults,
}


def reply_faults(operation, status, text):
    try:
        body = json.loads(text)
    except ValueError:
        return [f"{operation} {status}: the body is not JSON"]
    known = operation in MODEL.operation_names
    if status == 200:
        shape = MODEL.operation_model(operation).output_shape
        return value_faults(shape, body, operation)
    errors = {shape.name for shape in MODEL.operation_model(operation).error_shapes} if known else set()
    code = body.get("__type")
    faults = [] if code in errors | COMMON_ERRORS else [f"{operation} {status}: {code} is not an error of this operation"]
    if status != (500 if code == "InternalServerError" else 400):
        faults.append(f"{operation}: {code} has the status {status}")
    if set(body) - {"__type", "message"} or not isinstance(body.get("message", ""), str):
        faults.append(f"{operation}: {code} has another form")
    return faults


replies = json.load(sys.stdin)
print(json.dumps(sorted({fault for reply in replies for fault in reply_faults(**reply)})))
