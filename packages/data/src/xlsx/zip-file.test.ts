import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadRows } from '../__fixtures__/ksic-files.ts'
import { workbookBytes } from '../__fixtures__/workbook-bytes.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kic-zip64-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Positions past the end of every file: the first is a safe integer, the others are not or lie beyond int64. */
const POSITIONS = [1n << 40n, (1n << 53n) + 2n, 1n << 63n, (1n << 64n) - (1n << 56n)]

const endOf = (workbook: Buffer): number => workbook.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6))

/** The workbook with an end record that defers to a ZIP64 record at `position`. */
const deferredEnd = (workbook: Buffer, position: bigint): Buffer => {
  const end = endOf(workbook)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(position, 8)
  locator.writeUInt32LE(1, 16)
  const record = Buffer.from(workbook.subarray(end)).fill(0xff, 8, 20)
  return Buffer.concat([workbook.subarray(0, end), locator, record])
}

/** The workbook whose first entry has its data at `position`, by a ZIP64 field of the directory. */
const deferredEntry = (workbook: Buffer, position: bigint): Buffer => {
  const end = endOf(workbook)
  const directory = workbook.readUInt32LE(end + 16)
  const afterName = directory + 46 + workbook.readUInt16LE(directory + 28)
  const field = Buffer.alloc(12)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8, 2)
  field.writeBigUInt64LE(position, 4)
  const hostile = Buffer.concat([workbook.subarray(0, afterName), field, workbook.subarray(afterName)])
  hostile.writeUInt16LE(workbook.readUInt16LE(directory + 30) + field.length, directory + 30)
  hostile.writeUInt32LE(0xffffffff, directory + 42)
  hostile.writeUInt32LE(workbook.readUInt32LE(end + 12) + field.length, end + field.length + 12)
  return hostile
}

it.each(
  POSITIONS.flatMap((position) => [
    ['end record', deferredEnd, position] as const,
    ['entry', deferredEntry, position] as const,
  ]),
)('refuses an %s at a position past the end of the file', async (what, hostileOf, position) => {
  const hostile = hostileOf(Buffer.from(await workbookBytes({ rows: '' })), position)
  const path = join(folder, `${what} ${position}.xlsx`)
  await writeFile(path, hostile)
  for (const source of [path, hostile])
    await expect(loadRows(source, {})).rejects.toMatchObject({ code: 'data/damaged-xlsx' })
})
