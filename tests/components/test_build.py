"""A built page speaks to wherever it was loaded from."""

import gzip

import pytest

from chatkit_app.components.build import SameOrigin, from_own_origin


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('"http://localhost:8000/ping"', "location.origin+`/ping`"),
        ("'https://chat.example/_upload'", "location.origin+`/_upload`"),
        ("`ws://localhost:8000/_event`", "location.origin.replace(/^http/,`ws`)+`/_event`"),
        ('"wss://chat.example:8443/_event"', "location.origin.replace(/^http/,`ws`)+`/_event`"),
        (
            '{PING:"http://a:1/ping",EVENT:`ws://a:1/_event`}',
            "{PING:location.origin+`/ping`,EVENT:location.origin.replace(/^http/,`ws`)+`/_event`}",
        ),
    ],
)
def test_an_address_is_made_from_the_page_s_own_origin(written, made):
    assert from_own_origin(written) == made


@pytest.mark.parametrize(
    "script",
    [
        '"/ping"',
        '"ftp://a/b"',
        "http://a.example/not-in-quotes",
        '"http://localhost:8000"',
        '"see http://a/b"',
        "\"http://a/b'",
    ],
)
def test_what_is_no_whole_address_is_left_alone(script):
    assert from_own_origin(script) == script


class TestTheBuild:
    def chunk(self, folder, text):
        (folder / "assets").mkdir(exist_ok=True)
        chunk = folder / "assets" / "reflex-env-ab12.js"
        chunk.write_text(text, encoding="utf-8")
        return chunk

    def test_is_rewritten_with_its_packed_twin(self, tmp_path):
        chunk = self.chunk(tmp_path, 'x="http://localhost:8000/ping"')
        packed = chunk.with_name(chunk.name + ".gz")
        packed.write_bytes(gzip.compress(chunk.read_bytes()))
        SameOrigin().post_build(static_dir=tmp_path)
        assert chunk.read_text(encoding="utf-8") == "x=location.origin+`/ping`"
        assert gzip.decompress(packed.read_bytes()) == chunk.read_bytes()

    def test_twice_is_the_same_as_once(self, tmp_path):
        chunk = self.chunk(tmp_path, 'x="ws://localhost:8000/_event"')
        SameOrigin().post_build(static_dir=tmp_path)
        once = chunk.read_text(encoding="utf-8")
        SameOrigin().post_build(static_dir=tmp_path)
        assert chunk.read_text(encoding="utf-8") == once

    def test_that_keeps_its_addresses_elsewhere_is_refused(self, tmp_path):
        with pytest.raises(RuntimeError, match="no reflex-env chunk"):
            SameOrigin().post_build(static_dir=tmp_path)
