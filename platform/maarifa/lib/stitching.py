"""Compressed pages made of a body that was compressed long before.

The document is deflated once, at publication. A request compresses only the frame around it and joins the
three: deflate streams that end on a byte boundary can be laid one behind the other (RFC 1951), and gzip is
a head, such a stream, a checksum and a length (RFC 1952).
"""

import struct
import zlib

_RAW = -15
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def deflate(document: bytes) -> bytes:
    """The raw deflate stream of a document, ended so that another can follow it."""
    compressor = zlib.compressobj(level=9, wbits=_RAW, memLevel=9)
    return compressor.compress(document) + compressor.flush(zlib.Z_FULL_FLUSH)


def stitch(head: bytes, document: bytes, deflated: bytes, tail: bytes) -> bytes:
    """The gzip stream of `head + document + tail`, where `deflated` is `deflate(document)`."""
    # One compressor for both sides. The full flush makes it forget the head, so that nothing in the tail
    # refers back across the document, which it has never seen.
    frame = zlib.compressobj(level=6, wbits=_RAW)
    stream = [_GZIP_HEAD, frame.compress(head), frame.flush(zlib.Z_FULL_FLUSH), deflated]
    stream += [frame.compress(tail), frame.flush(zlib.Z_FINISH)]
    checksum = zlib.crc32(tail, zlib.crc32(document, zlib.crc32(head)))
    stream.append(struct.pack("<II", checksum, (len(head) + len(document) + len(tail)) & 0xFFFFFFFF))
    return b"".join(stream)
