import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tree } from '@nx/devkit'
import { FsTree } from 'nx/src/generators/tree.js'
import { describe, expect, it } from 'vitest'
import generateHead from './generate-head.ts'
import { headNames } from './head-names.ts'

const root = join(import.meta.dirname, '../../..')
/** A view of the repository that writes nothing. */
const view = (): Tree => new FsTree(root, false)

describe('headNames', () => {
  it('derives file, function and type', () => {
    expect(headNames('attention-pooling')).toEqual({
      kebab: 'attention-pooling',
      file: 'attention-pooling-head',
      factory: 'attentionPoolingHead',
      options: 'AttentionPoolingHeadOptions',
    })
    expect(headNames('my-head')).toMatchObject({
      file: 'my-head',
      factory: 'myHead',
      options: 'MyHeadOptions',
    })
  })

  it.each(['', 'Demo', '1st', 'a--b', 'a-', '../x', 'a b', "a'b"])('refuses %j', (name) => {
    expect(() => headNames(name)).toThrow(/lower case/)
  })
})

describe('the generator', () => {
  it('writes a package like its neighbours, and a changeset', async () => {
    const tree = view()
    generateHead(tree, { name: 'two-words' })
    const written = tree.listChanges().map(({ path }) => path)
    expect(written.sort()).toEqual([
      '.changeset/heads-two-words.md',
      ...['LICENSE', 'README.md', 'package.json'].map((name) => `packages/heads-two-words/${name}`),
      ...['contract.test.ts', 'index.ts', 'two-words-head.test.ts', 'two-words-head.ts'].map(
        (name) => `packages/heads-two-words/src/${name}`,
      ),
      ...['tsconfig.json', 'tsup.config.ts'].map((name) => `packages/heads-two-words/${name}`),
    ])
    const read = (name: string): string => tree.read(`packages/heads-two-words/${name}`, 'utf8') ?? ''
    for (const { path, content } of tree.listChanges()) {
      expect(content?.toString(), path).not.toMatch(/<%|%>/)
    }
    // The same manifest as that of the head beside it, but for its name, its description and what its own tests need.
    const bilstm: unknown = JSON.parse(
      (await readFile(join(root, 'packages/heads-bilstm/package.json'), 'utf8')).replaceAll(
        'bilstm',
        'two-words',
      ),
    )
    const made: unknown = JSON.parse(read('package.json'))
    const devDependencies = { '@kic/engine': expect.any(String) }
    expect(made).toEqual({ ...Object(bilstm), description: expect.any(String), devDependencies })
    expect(read('src/index.ts')).toContain('twoWordsHead')
  })

  it('overwrites nothing', async () => {
    expect(() => generateHead(view(), { name: 'bilstm' })).toThrow(/packages\/heads-bilstm is there already/)
    expect(await readdir(join(root, 'packages'))).not.toContain('heads-two-words')
  })
})
