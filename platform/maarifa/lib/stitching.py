"""Compressed pages made of a body that was compressed long before.

The document is deflated once, at publication. A request compresses only the frame around it and joins the
three: deflate streams that end on a byte boundary can be laid one behind the other (RFC 1951), and gzip is
a head, such a stream, a checksum and a length (RFC 1952).
"""

import struct
import zlib

_RAW = -15
# As far as a deflate stream may refer back.
_WINDOW = 32_768
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def deflate(document: bytes) -> bytes:
    """The raw deflate stream of a document, ended so that another can follow it."""
    compressor = zlib.compressobj(level=9, wbits=_RAW, memLevel=9)
    return compressor.compress(document) + compressor.flush(zlib.Z_FULL_FLUSH)


def stitch(head: bytes, document: bytes, deflated: bytes, tail: bytes) -> bytes:
    """The gzip stream of `head + document + tail`, where `deflated` is `deflate(document)`."""
    before = zlib.compressobj(level=6, wbits=_RAW)
    # Who unpacks the tail has just unpacked the head and the document, so it may refer back to both: to the addresses
    # and tokens that stand in the page twice. It saves a quarter of a kilobyte.
    after = zlib.compressobj(level=6, wbits=_RAW, zdict=(head + document)[-_WINDOW:])
    stream = [_GZIP_HEAD, before.compress(head), before.flush(zlib.Z_FULL_FLUSH), deflated]
    stream += [after.compress(tail), after.flush(zlib.Z_FINISH)]
    checksum = zlib.crc32(tail, zlib.crc32(document, zlib.crc32(head)))
    stream.append(struct.pack("<II", checksum, (len(head) + len(document) + len(tail)) & 0xFFFFFFFF))
    return b"".join(stream)
