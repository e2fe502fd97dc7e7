"""Which TCP ports listen, seen without a connection to them: a program may count its connections."""

import re

_LISTEN = "0A"
# 127.x.y.z, its form in IPv6, and ::1, each word with its last byte first. No other engine reaches them.
_LOOPBACK = re.compile("(0{16}F{4}0{4})?[0-9A-F]{6}7F|0{24}01000000")


def listening_ports():
    """The ports on which programs of this engine listen for other engines."""
    return ports_in(_text("/proc/net/tcp") + _text("/proc/net/tcp6"))


def ports_in(text):
    ports = set()
    for line in text.splitlines():
        # "  0: 00000000:1770 00000000:0000 0A ...": slot, local address and port in hex, remote, state.
        fields = line.split()
        if len(fields) > 3 and fields[3] == _LISTEN:
            address, port = fields[1].split(":")
            if not _LOOPBACK.fullmatch(address):
                ports.add(int(port, 16))
    return ports


def _text(file):
    try:
        with open(file) as opened:
            return opened.read()
    except OSError:
        # Without IPv6 there is no tcp6.
        return ""
