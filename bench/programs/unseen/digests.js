const crypto = require('node:crypto');
const zlib = require('node:zlib');

const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const message = Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(20));
for (const algorithm of ['md5', 'sha1', 'sha256']) {
  console.log(algorithm, crypto.createHash(algorithm).update(message).digest('hex').slice(0, 24));
}
console.log(crypto.createHmac('sha512', key).update('payload').digest('base64url').slice(0, 30));
const cipher = crypto.createCipheriv('aes-128-cbc', key, Buffer.alloc(16, 7));
const sealed = Buffer.concat([cipher.update(message), cipher.final()]);
const decipher = crypto.createDecipheriv('aes-128-cbc', key, Buffer.alloc(16, 7));
const opened = Buffer.concat([decipher.update(sealed), decipher.final()]);
console.log(sealed.length, opened.equals(message), sealed.subarray(0, 8).toString('hex'));
const packed = zlib.gzipSync(message);
console.log(packed.length < message.length / 5, zlib.gunzipSync(packed).toString('latin1').length);
console.log(crypto.timingSafeEqual(key, Buffer.from(key)), crypto.randomBytes(8).length);
const header = Buffer.alloc(10);
header.writeUInt16BE(0xcafe, 0);
header.writeInt32LE(-12345, 2);
header.writeFloatBE(2.5, 6);
console.log(header.toString('hex'), header.readInt32LE(2), header.readFloatBE(6));
