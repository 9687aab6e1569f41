"""Takes template.yaml apart, one piece at a time, and names the pieces that no test misses.

    python3 test/Automation.LabTests/Template/mutate.py [--kind KIND]... [--without CLASS]... [--only TEXT]

Build both test projects first. A piece is a resource, a statement of a policy, a trigger of a function, a rule, a condition
of a resource, an output or a property of a resource. For each, a copy of the checkout without that piece runs the template's
unit tests, and where these pass, its tests on permissions. --without leaves a class of tests out: the lists of everything
(InstallationTests, IamMatrixTests) miss any piece, and without them it shows what else would.

Not part of the CI: it takes half an hour. Exits with 1 when a piece is missed by no test.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
# What the tests read beside the template; sources only by name.
COPIED = ["Automation.sln", "README.md", "samconfig.toml", "template.yaml", "docs", "events", "sql", "src",
          "test/Automation.LabTests/Template"]
SUITES = [("Automation.Tests", "Automation.Tests.Template."), ("Automation.LabTests", "Automation.LabTests.Template.")]
# Minutes long; what it says of one piece, the SAM translator says too.
SLOW = ["LintTests"]
KINDS = ["resource", "statement", "trigger", "rule", "condition", "output", "property"]


def indent(line):
    return len(line) - len(line.lstrip(" "))


def block(lines, start):
    """The lines of a mapping's entry or a list's item: until something stands as far left as it does."""
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or indent(lines[end]) > indent(lines[start])):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return range(start, end)


def section(lines, name):
    return block(lines, lines.index(name + ":"))


def entries(lines, within, depth):
    """Line and name of each key that stands so far to the right."""
    pattern = re.compile(r" {%d}([A-Za-z][\w:.]*):" % depth)
    return [(i, found.group(1)) for i in within if (found := pattern.match(lines[i]))]


def json_statement(lines, sid):
    """The object around a "Sid" in a policy that is text; the comma goes with it."""
    start = sid
    while lines[start].strip() != "{":
        start -= 1
    end = start
    while not (indent(lines[end]) == indent(lines[start]) and lines[end].strip() in ("}", "},")):
        end += 1
    return range(start, end + 1)


def pieces(text):
    """(kind, name, lines without it), one piece after the other."""
    lines = text.split("\n")

    def without(gone):
        kept = [line for i, line in enumerate(lines) if i not in gone]
        # The last of several objects has no comma behind it.
        return re.sub(r"\},(\s*\n\s*\])", r"}\1", "\n".join(kept))

    for i, name in entries(lines, section(lines, "Rules"), 2):
        yield "rule", name, without(block(lines, i))
    for i, name in entries(lines, section(lines, "Outputs"), 2):
        yield "output", name, without(block(lines, i))
    for i, name in entries(lines, section(lines, "Resources"), 2):
        resource = block(lines, i)
        yield "resource", name, without(resource)
        for j, key in entries(lines, resource, 4):
            if key == "Condition":
                yield "condition", name, without([j])
        properties = {key: block(lines, j) for j, key in entries(lines, resource, 6)}
        for key, gone in properties.items():
            yield "property", f"{name}.{key}", without(gone)
        for j, key in entries(lines, properties.get("Events", []), 8):
            yield "trigger", f"{name}.{key}", without(block(lines, j))
        for j in resource:
            if found := re.match(r' *(- Sid: |"Sid": ")(\w+)', lines[j]):
                gone = block(lines, j) if found.group(1).startswith("-") else json_statement(lines, j)
                yield "statement", f"{name}.{found.group(2)}", without(gone)


def checkout():
    """A copy with both test projects as they were built; a program finds its repository by the solution above it."""
    home = tempfile.mkdtemp(prefix="template-mutation-")
    for name in COPIED:
        source, target = os.path.join(ROOT, name), os.path.join(home, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(source):
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("bin", "obj"))
        else:
            shutil.copy(source, target)
    for project, _ in SUITES:
        shutil.copytree(os.path.join(ROOT, "test", project, "bin"), os.path.join(home, "test", project, "bin"))
    return home


def missed_by(home, template, left_out, suites):
    """The first test that fails, or None."""
    with open(os.path.join(home, "template.yaml"), "w", encoding="utf-8") as file:
        file.write(template)
    for project, namespace in suites:
        command = [os.path.join(home, "test", project, "bin/Debug/net10.0", project), "-noLogo", "-noColor", "-stopOnFail",
                   "-class", namespace + "*"]
        for name in left_out:
            command += ["-class-", namespace + name]
        run = subprocess.run(command, capture_output=True, text=True, cwd=home, timeout=300, check=False)
        if run.returncode != 0:
            failed = re.search(r"([\w.]+)(?:\([^\n]*\))? \[FAIL\]", run.stdout)
            # One that was slow, or was stopped, has missed nothing.
            if run.returncode < 0 or not failed or "TimeoutException" in run.stdout:
                raise RuntimeError(f"{project} ended with {run.returncode}: {run.stdout[-400:]} {run.stderr[-400:]}")
            return failed.group(1).removeprefix(namespace)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--only", default="")
    choice = parser.parse_args()
    left_out = SLOW + choice.without

    with open(os.path.join(ROOT, "template.yaml"), encoding="utf-8") as file:
        text = file.read()
    todo = [p for p in pieces(text) if (choice.kind is None or p[0] in choice.kind) and choice.only in p[1]]
    workers = os.cpu_count() or 1
    homes = [checkout() for _ in range(workers)]
    try:
        if (failed := missed_by(homes[0], text, left_out, SUITES)) is not None:
            sys.exit(f"a test fails on the whole template: {failed}")
        free = list(homes)

        def judge(piece):
            home = free.pop()
            try:
                # The suite first that is likelier to miss it.
                suites = SUITES[::-1] if piece[0] == "statement" else SUITES
                return piece[0], piece[1], missed_by(home, piece[2], left_out, suites)
            finally:
                free.append(home)

        survivors = 0
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for kind, name, test in pool.map(judge, todo):
                survivors += test is None
                print(f"{kind:10} {name:60} {test or 'NOT MISSED'}", flush=True)
        print(f"{len(todo)} pieces, {survivors} that no test misses")
        sys.exit(1 if survivors else 0)
    finally:
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
