import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { writeFolder, zipped } from './save-model.ts'

const files = new Map([
  ['kic.json', new TextEncoder().encode('{}')],
  ['onnx/model.onnx', Uint8Array.of(1, 2, 3)],
])

it('zips a folder as it is', () => {
  expect(unzipSync(zipped(files))).toEqual({
    'kic-model/kic.json': files.get('kic.json'),
    'kic-model/onnx/model.onnx': files.get('onnx/model.onnx'),
  })
})

/** A folder of the File System Access API that notes what is written. */
const noting = (path: string, written: Map<string, unknown>): unknown => ({
  getDirectoryHandle: async (name: string) => noting(`${path}${name}/`, written),
  getFileHandle: async (name: string) => ({
    createWritable: async () => {
      let content: unknown
      return {
        write: async (bytes: unknown) => {
          content = bytes
        },
        close: async () => void written.set(`${path}${name}`, content),
      }
    },
  }),
})

const isFolder = (value: unknown): value is FileSystemDirectoryHandle =>
  typeof value === 'object' && value !== null && 'getDirectoryHandle' in value

it('writes a folder to the disk, with the folders in it', async () => {
  const written = new Map<string, unknown>()
  const place = noting('', written)
  if (!isFolder(place)) throw new Error('it is a folder')
  await writeFolder(place, files)
  expect([...written]).toEqual(Array.from(files, ([path, bytes]) => [`kic-model/${path}`, bytes]))
})
