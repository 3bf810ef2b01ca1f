import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recipeCommands } from './recipe-commands.ts'

const guide = [
  '## Recipes',
  '### One',
  '```sh',
  'not this',
  '```',
  '### Two',
  '1. First:',
  '',
  '   ```sh',
  '   first --flag "a b"',
  '   second',
  '   ```',
  '   ```ts',
  '   code',
  '   ```',
  '#### A part of it',
  '```sh',
  'third',
  '```',
  '### Three',
  '```sh',
  'nor this',
  '```',
].join('\n')

describe('recipeCommands', () => {
  it('takes the commands of a section and its parts, and no other code', () => {
    expect(recipeCommands(guide, 'Two')).toEqual(['first --flag "a b"', 'second', 'third'])
  })

  it('reports a section without commands', () => {
    expect(() => recipeCommands(guide, 'Four')).toThrow(/no section 'Four'/)
    expect(() => recipeCommands('# A\ntext\n# B\n```sh\nx\n```', 'A')).toThrow(/no sh block/)
  })

  it('finds the recipe for a head in the guide', async () => {
    const commands = recipeCommands(
      await readFile(join(import.meta.dirname, '../../../CONTRIBUTING.md'), 'utf8'),
      'A head',
    )
    expect(commands[0]).toBe('npm run new:head -- demo')
    expect(commands).toContain('npm test -w @kic/heads-demo')
    expect(
      commands.some((command) => command.startsWith('npm start') && command.includes('--head demo')),
    ).toBe(true)
  })
})
