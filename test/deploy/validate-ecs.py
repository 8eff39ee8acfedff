"""validate-ecs.py OPERATION FILE: what botocore's model of ECS finds wrong with the parameters in a file, a line each."""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

operation, path = sys.argv[1:]
service = botocore.session.Session().get_service_model("ecs")
shape = service.operation_model(operation).input_shape
with open(path) as file:
    parameters = json.load(file)

report = ParamValidator().validate(parameters, shape)
if report.has_errors():
    print(report.generate_report())


def check_words(shape, value, at):
    """botocore leaves it to the service to refuse a word that is not among those of its model."""
    if shape.type_name == "structure":
        for name, item in value.items():
            if name in shape.members:
                check_words(shape.members[name], item, f"{at}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            check_words(shape.member, item, f"{at}[{index}]")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        print(f"{at} is {value!r}, which is none of {', '.join(shape.enum)}")


check_words(shape, parameters, operation)
