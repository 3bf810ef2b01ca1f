import { expect, it } from 'vitest'
import { map } from '../rules/map.ts'
import { manifestOf, readTree } from '../testing/read-tree.ts'
import { PAGES, withBlocks } from './pages.ts'

const core = manifestOf('core', { description: 'What all need' })
const nn = manifestOf('nn', { description: 'Layers', dependencies: { '@kic/core': '1', zod: '4' } })
const bench = manifestOf('tool-bench', { description: 'Speed' })
const manifests = {
  'packages/core/package.json': core,
  'packages/nn/package.json': nn,
  'tools/bench/package.json': bench,
}
const empty =
  '# Title\n<!-- map: old -->\nold\n<!-- end of map -->\n<!-- tools: -->\n<!-- end of tools -->\nEnd\n'

it('shows the house from its roof, and the tools', async () => {
  const { workspaces } = await readTree(manifests)
  expect(withBlocks('README.md', empty, PAGES['docs/architecture.md'] ?? [], workspaces)).toBe(
    [
      '# Title',
      '<!-- map: npm run check -- structure --write -->',
      '',
      '| floor | package | job | depends on | must not know |',
      '| --- | --- | --- | --- | --- |',
      '| 3 | [nn](../packages/nn) | Layers | core | any particular model |',
      '| 0 | [core](../packages/core) | What all need | – | TensorFlow.js |',
      '',
      '<!-- end of map -->',
      '<!-- tools: npm run check -- structure --write -->',
      '',
      '| tool | job |',
      '| --- | --- |',
      '| [bench](../tools/bench) | Speed |',
      '',
      '<!-- end of tools -->',
      'End\n',
    ].join('\n'),
  )
})

it('refuses a page without the markers', async () => {
  const { workspaces } = await readTree(manifests)
  expect(() => withBlocks('README.md', '# Title\n', PAGES['README.md'] ?? [], workspaces)).toThrow(
    "withBlocks: README.md must have the lines '<!-- map: … -->' and '<!-- end of map -->', received neither or one. Add them.",
  )
})

it('finds old pages, and packages without a job', async () => {
  const { workspaces } = await readTree(manifests)
  const written = Object.fromEntries(
    Object.entries(PAGES).map(([page, blocks]) => [page, withBlocks(page, empty, blocks, workspaces)]),
  )
  expect(map(await readTree({ ...manifests, ...written }))).toEqual([])
  const renamed = { ...manifests, ...written, 'packages/nn/package.json': manifestOf('nn') }
  expect(map(await readTree(renamed)).map(({ at }) => at)).toEqual([
    'nn',
    'README.md',
    'docs/architecture.md',
  ])
  const bare = { ...manifests, ...written, 'README.md': '# Title\n' }
  expect(map(await readTree(bare))).toEqual([
    { at: 'README.md', message: expect.stringContaining('must have the lines') },
  ])
})
