import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.lib.stitching import deflate, stitch


@given(st.binary(max_size=3000), st.binary(max_size=3000), st.binary(max_size=3000))
def test_stitched_page_unpacks_to_its_three_parts(head, document, tail):
    assert gzip.decompress(stitch(head, document, deflate(document), tail)) == head + document + tail


def test_tail_that_repeats_the_head_does_not_refer_across_the_document():
    head = tail = b"<p>The same words on both sides, long enough to be referred to.</p>" * 20
    document = "درس طويل".encode() * 2000
    packed = stitch(head, document, deflate(document), tail)
    assert gzip.decompress(packed) == head + document + tail
    # Browsers unpack as the bytes come in.
    unpacker = zlib.decompressobj(wbits=31)
    pieces = [unpacker.decompress(packed[i : i + 7]) for i in range(0, len(packed), 7)]
    assert b"".join(pieces) + unpacker.flush() == head + document + tail
    assert unpacker.eof


def test_stitched_page_is_hardly_larger_than_one_compressed_whole():
    document = "".join(
        f"<p>Lesson {n}: what an office does with rule {n * 7}.</p>" for n in range(200)
    ).encode()
    head, tail = b"<!doctype html><title>A page</title>" * 10, b"<footer>The end</footer>" * 10
    whole = gzip.compress(head + document + tail, 9)
    assert len(stitch(head, document, deflate(document), tail)) < len(whole) + 150


def test_a_document_that_was_tampered_with_does_not_unpack():
    document = b"<p>What the law says.</p>"
    packed = stitch(b"<html>", document, deflate(b"<p>What the law sans.</p>"), b"</html>")
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(packed)
