import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { defined } from '@kic/core'
import type { Scalars } from './scalars.ts'

/** Field numbers of tensorflow/core/util/event.proto and framework/summary.proto. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const
const SUMMARY = { value: 1 } as const
const VALUE = { tag: 1, simpleValue: 2 } as const
const SESSION_LOG = { status: 1, start: 1 } as const

/** The content of one TensorBoard event. */
export type EventContent =
  | { readonly fileVersion: string }
  | { readonly step: number; readonly scalars: Scalars }
  /** Earlier events of this step and later ones are void. */
  | { readonly restartAt: number }

/** `tensorflow.Event` as a protocol buffer; time in seconds since 1970. */
export const encodeEvent = (seconds: number, content: EventContent): Uint8Array => {
  const event = new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(seconds)
  if ('fileVersion' in content) {
    return event.tag(EVENT.fileVersion, WireType.LengthDelimited).string(content.fileVersion).finish()
  }
  event.tag(EVENT.step, WireType.Varint).int64('restartAt' in content ? content.restartAt : content.step)
  if ('restartAt' in content) {
    event.tag(EVENT.sessionLog, WireType.LengthDelimited).fork()
    return event.tag(SESSION_LOG.status, WireType.Varint).int32(SESSION_LOG.start).join().finish()
  }
  event.tag(EVENT.summary, WireType.LengthDelimited).fork()
  for (const [tag, value] of Object.entries(content.scalars)) {
    event.tag(SUMMARY.value, WireType.LengthDelimited).fork()
    event.tag(VALUE.tag, WireType.LengthDelimited).string(tag)
    event.tag(VALUE.simpleValue, WireType.Bit32).float(Math.fround(value)).join()
  }
  return event.join().finish()
}

/** A record of TensorFlow's record files: length, data, and a masked CRC-32C of each (tensorflow/core/lib/io). */
export const frameRecord = (data: Uint8Array): Uint8Array => {
  const record = new Uint8Array(data.length + 16)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true)
  record.set(data, 12)
  view.setUint32(12 + data.length, maskedCrc(data), true)
  return record
}

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), byte by byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc >>> 0
})

const maskedCrc = (data: Uint8Array): number => {
  let crc = 0xffffffff
  for (const byte of data) crc = (crc >>> 8) ^ defined(TABLE[(crc ^ byte) & 0xff])
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
