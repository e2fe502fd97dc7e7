"""cdsw-call: the calls of `cdsw` as a command. It prints the result as JSON, or as an expression of R."""

import argparse
import json
import sys

from .client import Error
from .workers import await_workers, launch_workers, list_workers, stop_workers


class UsageError(Exception):
    """Arguments that the command does not understand."""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError("{}.".format(message))


def to_r(value):
    """The expression of R for a value of JSON. In a text it has letters, digits and escapes only, in any locale."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return '"{}"'.format("".join(map(_r_character, value)))
    if isinstance(value, list):
        return "list({})".format(", ".join(map(to_r, value)))
    return "list({})".format(", ".join("{} = {}".format(to_r(name), to_r(each)) for name, each in value.items()))


def _r_character(character):
    code = ord(character)
    if 0x20 <= code < 0x7F and character not in '"\\':
        return character
    # R has neither the zero character nor halves of pairs.
    if code == 0 or 0xD800 <= code < 0xE000:
        code = 0xFFFD
    return "\\U{{{:x}}}".format(code)


def _launch(options):
    # In R, code without a kernel is code in R.
    kernel = options.kernel or ("r" if options.format == "r" and not options.script else None)
    return launch_workers(
        n=options.n,
        cpu=options.cpu,
        memory=options.memory,
        nvidia_gpu=options.nvidia_gpu,
        kernel=kernel,
        script=options.script,
        code="" if options.script else options.code,
        name=options.name,
        env=dict(options.env),
    )


def _variable(text):
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError("{!r} is no NAME=VALUE".format(text))
    return name, value


def _await(options):
    return await_workers(options.ids, not options.running, options.timeout)


def _stop(options):
    return [vars(response) for response in (stop_workers(*options.ids) if options.ids else stop_workers())]


def _parse():
    parser = Parser(prog="cdsw-call", description=__doc__)
    calls = parser.add_subparsers(dest="call", metavar="CALL")
    calls.required = True
    launch = _call(calls, "launch", _launch)
    launch.add_argument("--n", type=int, required=True)
    launch.add_argument("--cpu", type=float, required=True, help="cores")
    launch.add_argument("--memory", type=float, required=True, help="GiB")
    launch.add_argument("--nvidia-gpu", type=int, default=0)
    launch.add_argument("--kernel")
    launch.add_argument("--script", default="")
    launch.add_argument("--code", default="")
    launch.add_argument("--name")
    launch.add_argument("--env", type=_variable, action="append", default=[], metavar="NAME=VALUE")
    _call(calls, "list", lambda options: list_workers())
    wait = _call(calls, "await", _await)
    wait.add_argument("--running", action="store_true", help="wait until all run, not until all have ended")
    wait.add_argument("--timeout", type=float, default=60, help="seconds; 0 waits without limit")
    wait.add_argument("ids", nargs="*")
    stop = _call(calls, "stop", _stop)
    stop.add_argument("ids", nargs="*", help="all workers where none is given")
    return parser.parse_args()


def _call(calls, name, do):
    parser = calls.add_parser(name)
    parser.add_argument("--format", choices=["json", "r"], default="json")
    parser.set_defaults(do=do)
    return parser


def main():
    try:
        options = _parse()
        result = options.do(options)
    except (Error, UsageError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result) if options.format == "json" else to_r(result))
    return 0
