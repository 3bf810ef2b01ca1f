import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Crc32c } from '@aws-crypto/crc32c'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { defined } from '@kic/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { frameRecord } from './event-records.ts'
import { tensorBoard } from './tensorboard.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-events-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** TensorFlow's mask over a third-party CRC-32C. */
const checksum = (bytes: Uint8Array): number => {
  const crc = new Crc32c().update(bytes).digest()
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

/** Reads a record file, with the checks of TensorFlow. */
const readRecords = (file: Buffer): Uint8Array[] => {
  const records: Uint8Array[] = []
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at))
    expect(file.readUInt32LE(at + 8)).toBe(checksum(file.subarray(at, at + 8)))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(file.readUInt32LE(at + 12 + length)).toBe(checksum(data))
    records.push(data)
    at += length + 16
  }
  return records
}

type Fields = Record<number, (number | bigint | Uint8Array)[]>
/** Fields of a protocol buffer, by their numbers. */
const fieldsOf = (bytes: Uint8Array): Fields => {
  const reader = new BinaryReader(bytes)
  const fields: Fields = {}
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    const value =
      type === WireType.Varint
        ? Number(reader.int64())
        : type === WireType.Bit64
          ? reader.double()
          : type === WireType.Bit32
            ? reader.float()
            : reader.bytes()
    fields[field] = [...(fields[field] ?? []), value]
  }
  return fields
}
const bytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array())
const text = (value: unknown): string => new TextDecoder().decode(bytes(value))
/** step, and scalars by tag: event.proto and summary.proto. */
const eventOf = (record: Uint8Array) => {
  const { 1: wallTime, 2: step, 3: version, 5: summary, 7: sessionLog } = fieldsOf(record)
  const values = fieldsOf(bytes(summary?.[0]))[1] ?? []
  const scalars = Object.fromEntries(
    values.map((value) => {
      const { 1: tag, 2: simple } = fieldsOf(bytes(value))
      return [text(tag?.[0]), Number(simple?.[0])]
    }),
  )
  return {
    wallTime: Number(wallTime?.[0]),
    step: step?.[0],
    version: text(version?.[0]),
    scalars,
    sessionLog,
  }
}
const step = (number: number) => ({
  step: number,
  totalSteps: 40,
  epoch: number / 10,
  loss: 1 / number,
  gradNorm: 2,
  learningRate: 1e-3,
  examples: 32,
  seconds: 0.5,
  outputs: [],
})
const evaluation = { step: 3, epoch: 1, best: null, isBest: true, seconds: 1 }

it('writes event files that an independent reader can read', async () => {
  const board = tensorBoard(folder)
  await board.onStart?.({ step: 0, totalSteps: 40, epoch: 0 })
  for (const number of [1, 2, 3]) await board.onStep?.(step(number))
  await board.onEvaluate?.({ ...evaluation, metrics: { macroF1: 0.75, 정확도: 0.5 } })
  await board.onEnd?.({ step: 3, epoch: 1, stopped: 'finished' })
  const [name = ''] = await readdir(folder)
  expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./)
  const events = readRecords(await readFile(join(folder, name))).map(eventOf)
  expect(events).toHaveLength(5)
  expect(events[0]?.version).toBe('brain.Event:2')
  expect(Math.abs(defined(events[0]).wallTime - Date.now() / 1000)).toBeLessThan(60)
  expect(events[3]).toMatchObject({ step: 3, scalars: { 'train/loss': Math.fround(1 / 3) } })
  expect(events[3]?.scalars['train/examplesPerSecond']).toBe(64)
  expect(events[4]).toMatchObject({ step: 3, scalars: { 'evaluate/macroF1': 0.75, 'evaluate/정확도': 0.5 } })
})

it('voids repeated steps of a resumed run', async () => {
  const board = tensorBoard(folder, { everySteps: 2 })
  await board.onStart?.({ step: 20, totalSteps: 40, epoch: 2 })
  for (const number of [21, 22]) await board.onStep?.(step(number))
  await board.onError?.(new Error('killed'))
  const [name = ''] = await readdir(folder)
  const events = readRecords(await readFile(join(folder, name))).map(eventOf)
  expect(events.map((event) => event.step)).toEqual([undefined, 21, 22])
  expect(fieldsOf(bytes(events[1]?.sessionLog?.[0]))).toEqual({ 1: [1] }) // SessionLog.START
})

it('frames a record with the published checksum', () => {
  // RFC 3720, appendix B.4: the CRC-32C of 32 zero bytes is 0x8a9136aa.
  const record = Buffer.from(frameRecord(new Uint8Array(32)))
  const unmask = (masked: number): number => {
    const rotated = (masked - 0xa282ead8) >>> 0
    return ((rotated >>> 17) | (rotated << 15)) >>> 0
  }
  expect(unmask(record.readUInt32LE(44))).toBe(0x8a9136aa)
  expect(record.readBigUInt64LE(0)).toBe(32n)
})

it('does not stop a run on failure', async () => {
  await writeFile(join(folder, 'file'), '')
  const warnings: string[] = []
  const board = tensorBoard(join(folder, 'file'), { warn: (message) => warnings.push(message) })
  for (const number of [1, 2]) await board.onStep?.(step(number))
  await board.onEnd?.({ step: 2, epoch: 1, stopped: 'finished' })
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/tensorBoard .* failed and is disabled/)
})
