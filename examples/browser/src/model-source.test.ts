import { expect, it, vi } from 'vitest'
import { filesOf } from './model-source.ts'
import { chosenFolder } from './visitor-folder.ts'

const file = (path: string, content: string): File => {
  const one = new File([content], path.split('/').at(-1) ?? '')
  // Browsers set it for the files of a chosen folder.
  Object.defineProperty(one, 'webkitRelativePath', { value: path })
  return one
}

const textOf = async (path: string, source: Parameters<typeof filesOf>[0]): Promise<string | undefined> => {
  const bytes = await filesOf(source).read(path)
  return bytes && new TextDecoder().decode(bytes)
}

it('reads a chosen folder by paths below it', async () => {
  const folder = chosenFolder([
    file('model/ensemble.json', '{}'),
    file('model/members/net/config.json', '[]'),
  ])
  if (folder === undefined) throw new Error('it has files')
  expect(filesOf(folder).name).toBe('model')
  expect(await textOf('ensemble.json', folder)).toBe('{}')
  expect(await textOf('members/net/config.json', folder)).toBe('[]')
  expect(await textOf('config.json', folder)).toBeUndefined()
  expect(chosenFolder([])).toBeUndefined()
})

it('asks the server for the files of a page alone', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url) => new Response(String(url)))
  const page = { url: 'https://page.example/model/', paths: ['ensemble.json'] }
  expect(await textOf('config.json', page)).toBeUndefined()
  expect(fetched).not.toHaveBeenCalled()
  expect(await textOf('ensemble.json', page)).toBe('https://page.example/model/ensemble.json')
  fetched.mockRestore()
})
