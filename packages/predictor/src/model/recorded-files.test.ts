import { expect, it } from 'vitest'
import { recordFiles } from './recorded-files.ts'

const filesOf = (contents: Readonly<Record<string, string>>) =>
  recordFiles({
    name: 'folder',
    read: async (path) => (contents[path] === undefined ? undefined : Buffer.from(contents[path])),
  })

const digestAfter = async (contents: Readonly<Record<string, string>>, ...paths: readonly string[]) => {
  const { files, digest } = filesOf(contents)
  for (const path of paths) await files.read(path)
  return digest()
}

it('identifies what was read, in any order and however often', async () => {
  const model = { 'config.json': '{}', 'onnx/model.onnx': 'weights', 'README.md': 'not read' }
  const id = await digestAfter(model, 'config.json', 'onnx/model.onnx')
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  expect(await digestAfter(model, 'onnx/model.onnx', 'kic.json', 'config.json', 'config.json')).toBe(id)
  expect(await digestAfter({ ...model, 'README.md': 'x' }, 'config.json', 'onnx/model.onnx')).toBe(id)
  expect(
    await digestAfter({ ...model, 'onnx/model.onnx': 'other' }, 'config.json', 'onnx/model.onnx'),
  ).not.toBe(id)
  expect(await digestAfter({ a: 'weights', 'config.json': '{}' }, 'config.json', 'a')).not.toBe(id)
  const { digest } = filesOf(model)
  expect(new Set([digest(), digest('fast'), digest('best')]).size).toBe(3)
})
