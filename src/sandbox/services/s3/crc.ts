/** Cyclic redundancy checks S3 takes and Node does not have, bit-reflected, table-driven. */

/** Castagnoli polynomial 0x1EDC6F41, reflected. Source: RFC 3720, 12.1. */
const CRC32C_POLYNOMIAL = 0x82f63b78;

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ CRC32C_POLYNOMIAL : value >>> 1;
  return value;
});

/** Computes CRC-32C as an unsigned 32-bit number. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  // Indices are masked to 0–255, where both tables are full.
  for (const byte of data) crc = (crc >>> 8) ^ (crc32cTable[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** NVMe's CRC-64 (NVM Command Set Specification 1.0, 5.2.1.3.4): polynomial 0xAD93D23594C93659, reflected. */
const CRC64_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

/** 64 bits are two 32-bit halves: BigInt is far too slow for megabytes. */
const crc64High = new Uint32Array(256);
const crc64Low = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 1n ? (value >> 1n) ^ CRC64_POLYNOMIAL : value >> 1n;
  crc64High[byte] = Number(value >> 32n);
  crc64Low[byte] = Number(value & 0xffffffffn);
}

/** Computes CRC-64/NVME as 8 bytes, big-endian. */
export function crc64nvme(data: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of data) {
    const entry = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Low[entry] ?? 0);
    high = (high >>> 8) ^ (crc64High[entry] ?? 0);
  }
  const result = Buffer.alloc(8);
  result.writeUInt32BE(~high >>> 0, 0);
  result.writeUInt32BE(~low >>> 0, 4);
  return result;
}
