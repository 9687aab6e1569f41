"""Prints, as one line of JSON, what CloudFormation makes of a SAM template: `transform.py TEMPLATE`.

The translator is the one AWS runs. It would ask IAM for the AWS-managed policies, only to turn their names into ARNs;
no AWS is called here, so a template that names one is an error.
"""
import json
import sys

import samtranslator.yaml_helper
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    def load(self):
        return {}


def package(template):
    """What `sam package` does before CloudFormation sees the template: code is in S3."""
    owners = [template.get("Globals", {}).get("Function", {})]
    owners += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for owner in owners:
        if "CodeUri" in owner:
            owner["CodeUri"] = "s3://bucket/automation.zip"


def main(path):
    with open(path, encoding="utf-8") as file:
        template = samtranslator.yaml_helper.yaml_parse(file)
    package(template)
    print(json.dumps(transform(template, {}, NoManagedPolicies())))


if __name__ == "__main__":
    main(sys.argv[1])
