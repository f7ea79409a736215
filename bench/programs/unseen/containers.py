import base64
import binascii
import hashlib
import hmac
import io
import struct
import zlib

RECORD = struct.Struct(">HBxI8s")


def pack(records):
    body = io.BytesIO()
    for number, kind, size, name in records:
        body.write(RECORD.pack(number, kind, size, name.encode("ascii")))
    packed = zlib.compress(body.getvalue(), 9)
    return b"BOX1" + struct.pack("<II", len(packed), zlib.crc32(packed)) + packed


def unpack(blob):
    magic, length, check = blob[:4], *struct.unpack_from("<II", blob, 4)
    packed = memoryview(blob)[12 : 12 + length]
    if magic != b"BOX1" or zlib.crc32(packed) != check:
        raise ValueError("no box")
    for number, kind, size, name in RECORD.iter_unpack(zlib.decompress(packed)):
        yield number, kind, size, name.rstrip(b"\0").decode()


records = [(n, n % 3, n * 1000, f"item{n}") for n in range(1, 21)]
box = pack(records)
print(len(box) < RECORD.size * len(records), list(unpack(box)) == records, RECORD.size)
broken = bytearray(box)
broken[20] ^= 0xFF
try:
    list(unpack(bytes(broken)))
except ValueError as error:
    print("refused:", error)
digest = hashlib.sha256(b"content")
digest.update(b" and more")
print(digest.hexdigest()[:32], hashlib.blake2b(b"x", digest_size=8).hexdigest(), hashlib.md5(b"").hexdigest())
print(hmac.new(b"key", b"message", "sha1").hexdigest(), hmac.compare_digest("a", "a"))
print(base64.b64encode(bytes(range(8))), base64.b32encode(b"hi"), base64.urlsafe_b64decode("_-8="), binascii.crc_hqx(b"123", 0))
print(int.from_bytes(b"\x01\x00", "little"), (1024).to_bytes(3, "big"), bytes.fromhex("ff 00").hex(), b"a,b".split(b","))
