#!/usr/bin/env python3
"""Plants a bug in a copy of the application, and sees whether the soak finds it.

    test/planted/run.py [--seeds 5] [--first-seed 1] [--seconds 60] [NAME ...]

Each patch beside this file is one bug; the number its name begins with is the invariant that is about it. The checkout is copied
to a temporary folder, patched and built there, and the soak of this checkout (built before, with `dotnet build src/Automation.Lab`)
runs that executable until a violation is found. Nothing here is ever changed, so nothing planted can be left behind.

Ends with 0 when each bug was caught by the invariant that is about it, else with 1.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LAB = ROOT / "src/Automation.Lab/bin/Debug/net10.0/Automation.Lab"
VIOLATION = re.compile(r"VIOLATION of (\d+) ")


def copy(target: pathlib.Path) -> None:
    """What git knows of the checkout, as it stands: what it takes to build the application, and nothing that was built."""
    files = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    for name in files.stdout.decode().split("\0"):
        if not name or not (ROOT / name).is_file():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)


def build(folder: pathlib.Path, patch: pathlib.Path) -> pathlib.Path:
    subprocess.run(["patch", "--strip=1", "--batch", "--input", str(patch)], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # A planted bug need not please the analyzers.
    subprocess.run(
        ["dotnet", "build", "src/Automation", "-maxcpucount:1", "-verbosity:quiet", "-nologo", "-nodeReuse:false",
         "-property:RunAnalyzers=false", "-property:TreatWarningsAsErrors=false"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / "src/Automation/bin/Debug/net10.0/Automation"


def caught(executable: pathlib.Path, seeds: range, seconds: int, wanted: str) -> bool:
    for seed in seeds:
        soak = subprocess.run(
            [LAB, "soak", "--seed", str(seed), "--seconds", str(seconds), "--executable", str(executable)], capture_output=True, text=True, check=False)
        lines = [line.strip() for line in soak.stdout.splitlines() if VIOLATION.search(line)]
        by = sorted({VIOLATION.search(line).group(1) for line in lines}, key=int)
        print(f"  seed {seed}: exit code {soak.returncode}, " + (f"violations of {', '.join(by)}" if by else "no violation"), flush=True)
        for line in lines[:3]:
            print(f"    {line}", flush=True)
        if wanted in by:
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a patch, without its ending; all without")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    if not LAB.exists():
        print(f"build {LAB.relative_to(ROOT)} first: dotnet build src/Automation.Lab", file=sys.stderr)
        return 1
    missed = []
    for patch in sorted(HERE.glob("*.patch")):
        if options.names and patch.stem not in options.names:
            continue
        wanted = patch.stem.split("-")[0]
        print(f"{patch.stem}: must be caught by invariant {wanted}", flush=True)
        with tempfile.TemporaryDirectory(prefix="planted-") as folder:
            copy(pathlib.Path(folder))
            executable = build(pathlib.Path(folder), patch)
            found = caught(executable, range(options.first_seed, options.first_seed + options.seeds), options.seconds, wanted)
        print(f"  {'caught' if found else 'NOT CAUGHT'}", flush=True)
        if not found:
            missed.append(patch.stem)
    print(f"not caught: {', '.join(missed)}" if missed else "every planted bug was caught by the invariant that is about it")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
