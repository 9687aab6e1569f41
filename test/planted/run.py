#!/usr/bin/env python3
"""Plants a bug in a copy of the application, and sees whether the soak finds it.

    test/planted/run.py [--seeds 5] [--first-seed 1] [--seconds 60] [NAME ...]

Each patch beside this file is one bug; the number its name begins with is the invariant that is about it. The checkout is copied
to a temporary folder, patched and built there, and the soak of this checkout (built before, with `dotnet build src/Automation.Lab`)
runs that executable until the violation is found that the patch's first line names between quotation marks. Then the same seed is
soaked without the patch, and must show no violation at all: else it was not the bug that was found. Nothing here is ever changed,
so nothing planted can be left behind.

Ends with 0 when each bug was caught by the invariant that is about it, else with 1. Asked to end by Ctrl-C, SIGTERM or a terminal that
closes it has the lab end in order, waits for it, removes the folder and ends with 128 and the signal's number; asked again it asks the
lab again, which then ends at once.
"""

import argparse
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LAB = ROOT / "src/Automation.Lab/bin/Debug/net10.0/Automation.Lab"
EXECUTABLE = ROOT / "src/Automation/bin/Debug/net10.0/Automation"
VIOLATION = re.compile(r"VIOLATION of (\d+) ")
EXPECTED = re.compile(r'"([^"]+)"')
# The last thing that a soak says which was judged, whatever the verdict.
JUDGED = "10 the kill switch is obeyed"
# The lab breaks long lines; what it says next begins like one of these.
SENTENCE = re.compile(r"(?=VIOLATION of \d|NOT SHOWN by |(?:ok|FAILED) \d+ )")

# Each asks this program to end.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """A signal has asked for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Lab:
    """The lab that is running, if one is; whoever asks this program to end asks the lab."""

    running: subprocess.Popen | None = None
    asked: int | None = None

    @classmethod
    def ask(cls, number: int, _frame: object) -> None:
        if cls.running is None:
            # The folder goes in peace.
            for ending in ENDING:
                signal.signal(ending, signal.SIG_IGN)
            raise Ended(number)
        cls.asked = cls.asked or number
        # Each time: the lab takes the second one as "at once".
        cls.running.send_signal(signal.SIGINT)

    @classmethod
    def run(cls, arguments: list[str]) -> tuple[str, int]:
        """Output and exit code; raises only when the lab has ended."""

        def as_in_a_terminal() -> None:
            # Whoever started this in the background had Ctrl-C ignored, and children inherit that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

        # No signal comes between the lab's beginning and the moment at which it can be asked.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            # A session of its own: Ctrl-C in a terminal reaches the lab once, by way of this program.
            cls.running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                           start_new_session=True, preexec_fn=as_in_a_terminal)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        while True:
            # Python hears a signal between two steps of its own: one that comes as it begins to wait is heard when the waiting ends.
            try:
                output, _ = cls.running.communicate(timeout=0.5)
                break
            except subprocess.TimeoutExpired:
                continue
        code, cls.running = cls.running.returncode, None
        if cls.asked:
            cls.ask(cls.asked, None)
        return output, code


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


def soak(executable: pathlib.Path, seed: int, seconds: int) -> list[str]:
    """The violations of one soak."""
    output, code = Lab.run([str(LAB), "soak", "--seed", str(seed), "--seconds", str(seconds), "--executable", str(executable)])
    output = " ".join(output.split())
    lines = [line.strip() for line in SENTENCE.split(output) if VIOLATION.match(line)]
    by = sorted({VIOLATION.search(line).group(1) for line in lines}, key=int)
    print(f"  seed {seed}: exit code {code}, " + (f"violations of {', '.join(by)}" if by else "no violation"), flush=True)
    for line in lines[:3]:
        print(f"    {line}", flush=True)
    if JUDGED in output:
        return lines
    print(f"    it was not judged: …{output[-300:]}", flush=True)
    return ["the soak did not come to its end"]


def caught(executable: pathlib.Path, seeds: range, seconds: int, wanted: str, words: str, controls: dict[int, list[str]]) -> bool:
    for seed in seeds:
        if not any(VIOLATION.search(line) and VIOLATION.search(line).group(1) == wanted and words in line for line in soak(executable, seed, seconds)):
            continue
        if seed not in controls:
            print("  the same seed without the bug:", flush=True)
            controls[seed] = soak(EXECUTABLE, seed, seconds)
        if not controls[seed]:
            return True
        print(f"  seed {seed} proves nothing: it is violated without the bug, too", flush=True)
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
    missed, controls = [], {}
    for patch in sorted(HERE.glob("*.patch")):
        if options.names and patch.stem not in options.names:
            continue
        wanted = patch.stem.split("-")[0]
        words = EXPECTED.search(patch.read_text().splitlines()[0]).group(1)
        print(f'{patch.stem}: must be caught by invariant {wanted}, as "{words}"', flush=True)
        with tempfile.TemporaryDirectory(prefix="planted-") as folder:
            copy(pathlib.Path(folder))
            executable = build(pathlib.Path(folder), patch)
            found = caught(executable, range(options.first_seed, options.first_seed + options.seeds), options.seconds, wanted, words, controls)
        print(f"  {'caught' if found else 'NOT CAUGHT'}", flush=True)
        if not found:
            missed.append(patch.stem)
    print(f"not caught: {', '.join(missed)}" if missed else "every planted bug was caught by the invariant that is about it")
    return 1 if missed else 0


if __name__ == "__main__":
    for ending in ENDING:
        # Whoever starts this with one of them ignored (nohup) wants it so.
        if signal.getsignal(ending) != signal.SIG_IGN:
            signal.signal(ending, Lab.ask)
    try:
        sys.exit(main())
    except Ended as ended:
        sys.exit(128 + ended.number)
