"""tars.py: makes tars, good ones and such as no tar program would write."""

import io
import struct
import tarfile

TASK = """Event: TaskStarted 
Started: %.2f 
%s: %s
Elapsed time: 2.50 seconds
utime: 12
stime: 3
cutime: 930
cstime: 110
IO rchar: 123
IO read_bytes: 4096
rusage ru_utime: 0.12
rusage ru_stime: 0.13291899999999998
rusage ru_maxrss: 21000
Child rusage ru_utime: 9.3
Child rusage ru_stime: 1.25
Child rusage ru_maxrss: 42000
Status: %s 
Ended: %.2f 
"""


def task(pf="zlib-1.3.1-r0", name="do_compile", started=1700000010.0,
         status="PASSED"):
    return TASK % (started, pf, name, status, started + 2.5)


def build_stats(started=1700000000.12, failed=(), host="tester"):
    text = "Host Info: Linux %s 6.1.0 #1 SMP x86_64 \n" % host
    text += "Build Started: %.2f \n" % started
    for pf, name in failed:
        text += "Failed at: %s at task: %s \n" % (pf, name)
    return text + "Elapsed time: 60.25 seconds \nCPU usage: 87.3% \n"


def run(name="20231114221320", started=1700000000.12, files=None, host="tester"):
    """The files of a small run; `files` are laid over, None removes one."""
    top = "buildstats/" + name + "/"
    out = {
        top + "build_stats": build_stats(started, host=host),
        top + "zlib-1.3.1-r0/do_configure":
            task(name="do_configure", started=started + 5),
        top + "zlib-1.3.1-r0/do_compile": task(started=started + 10),
        top + "xz-5.4-r1/do_compile":
            task("xz-5.4-r1", started=started + 20),
    }
    for path, text in (files or {}).items():
        if text is None:
            out.pop(top + path, None)
        elif path.startswith("/"):
            out[path[1:]] = text
        else:
            out[top + path] = text
    return out


def tar(files, **kwargs):
    """A plain tar of {path: text or bytes}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", **kwargs) as t:
        for path, data in files.items():
            if isinstance(data, str):
                data = data.encode("utf-8", "surrogateescape")
            info = tarfile.TarInfo(path)
            info.size = len(data)
            info.mtime = 1700000000
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def header(name, size=0, kind=b"0", link=b"", magic=b"ustar\x0000"):
    """One raw header block; name is bytes."""
    def octal(value, width):
        if value >= 8 ** (width - 1):
            return b"\x80" + value.to_bytes(width - 1, "big")
        return b"%0*o\x00" % (width - 1, value)
    block = name[:100].ljust(100, b"\0") + octal(0o644, 8) + octal(0, 8) + \
        octal(0, 8) + octal(size, 12) + octal(1700000000, 12) + b" " * 8 + \
        kind + link[:100].ljust(100, b"\0") + magic
    block = block.ljust(512, b"\0")
    total = sum(block)
    return block[:148] + b"%06o\0 " % total + block[156:]


def member(name, data=b"", kind=b"0", link=b""):
    if isinstance(data, str):
        data = data.encode()
    pad = -len(data) % 512
    return header(name, len(data), kind, link) + data + b"\0" * pad


END = b"\0" * 1024


def sparse_gnu(name, real):
    """An old GNU sparse member that claims `real` bytes and holds none."""
    block = bytearray(header(name, 0, b"S", magic=b"ustar  \0"))
    def octal(value, width):
        if value >= 8 ** (width - 1):
            return b"\x80" + value.to_bytes(width - 1, "big")
        return b"%0*o\x00" % (width - 1, value)
    block[386:398] = octal(real, 12)   # offset of the only (empty) piece
    block[398:410] = octal(0, 12)
    block[482] = 0
    block[483:495] = octal(real, 12)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def sparse_pax(name, real):
    records = b""
    for key, value in ((b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"),
                       (b"GNU.sparse.name", name),
                       (b"GNU.sparse.realsize", b"%d" % real)):
        body = b" " + key + b"=" + value + b"\n"
        n = len(body) + 2
        while len(b"%d" % n) + len(body) != n:
            n = len(b"%d" % n) + len(body)
        records += b"%d" % n + body
    data = b"1\n%d\n0\n" % real
    return member(b"PaxHeaders/x", records, b"x") + \
        member(b"GNUSparseFile.0/" + name, data.ljust(512, b"\0"))


# ---- zstd frames by hand: a bomb need not be compressed to be made ----

def zstd_frame(pieces, window_log=17):
    """pieces: bytes (stored raw) or (byte, count): a run of one byte."""
    out = bytearray(struct.pack("<I", 0xFD2FB528))
    out.append(0x00)                        # no size, no checksum, window
    out.append((window_log - 10) << 3)
    blocks = []
    for piece in pieces:
        if isinstance(piece, tuple):
            byte, count = piece
            while count > 0:
                n = min(count, 128 << 10)
                blocks.append((1, n, bytes([byte])))
                count -= n
        else:
            for i in range(0, len(piece), 128 << 10):
                part = piece[i:i + (128 << 10)]
                blocks.append((0, len(part), part))
    for i, (kind, n, data) in enumerate(blocks):
        word = (n << 3) | (kind << 1) | (i == len(blocks) - 1)
        out += struct.pack("<I", word)[:3] + data
    return bytes(out)
