"""The commands that run a script or code."""

import os

KERNELS = {
    "python3": {"program": "python3", "script": ["-u"], "code": ["-u", "-c"]},
    "r": {"program": "Rscript", "script": [], "code": ["-e"]},
}


# Of a longer `-e`, R prints a warning, runs nothing, and ends with 0.
MOST_R_BYTES = 9000


class ScriptError(Exception):
    """A script that cannot run. The text is one sentence."""


def command(folder, script, code, kernel):
    """The command for a script of this folder, or for code, with the kernel that was asked for, if any."""
    if not script and code.startswith("!"):
        return ["sh", "-c", code[1:]]
    kernel = KERNELS[kernel or ("r" if script.endswith((".r", ".R")) else "python3")]
    if script:
        return [kernel["program"]] + kernel["script"] + [_checked(folder, script)]
    if kernel is KERNELS["r"] and len(code.encode()) > MOST_R_BYTES:
        raise ScriptError("Rscript takes no more than {} bytes of code: put it in a script".format(MOST_R_BYTES))
    # The byte order mark of an editor is a syntax error to Python.
    return [kernel["program"]] + kernel["code"] + [code.lstrip("\ufeff")]


def _checked(folder, script):
    # A path with a zero byte is an error to the functions of os.path.
    if "\0" in script or os.path.isabs(script) or ".." in script.split("/"):
        raise ScriptError("the script {!r:.200} is outside the project: give a path in {}".format(script, folder))
    file = os.path.join(folder, script)
    if not os.path.isfile(file):
        raise ScriptError("the project has no script {!r:.200} (searched in {})".format(script, folder))
    home = os.path.realpath(folder)
    if os.path.commonpath([home, os.path.realpath(file)]) != home:
        raise ScriptError("the script {!r:.200} is a link that leads out of the project {}".format(script, folder))
    # A name such as `-c.py` would be taken for an option.
    return "./" + script if script.startswith("-") else script
