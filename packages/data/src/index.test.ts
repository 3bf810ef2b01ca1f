import { readFileSync } from 'node:fs'
import { defined } from '@kic/core'
import { expect, it } from 'vitest'

/** Everything a module imports at run time, over all modules it reaches; types are left out. */
const reached = (file: URL, seen = new Set<string>()): string[] => {
  if (seen.has(file.href)) return []
  seen.add(file.href)
  const source = readFileSync(file, 'utf8')
  const statements = source.matchAll(/^(?:import|export) (?!type )[^'"]*?from '([^']+)'/gm)
  return Array.from(statements, (match) => defined(match[1])).flatMap((specifier) =>
    specifier.startsWith('.') ? reached(new URL(specifier, file), seen) : [specifier],
  )
}

it('keeps Node.js out of the entry point that browsers use', () => {
  expect(new Set(reached(new URL('./index.ts', import.meta.url)))).toEqual(
    new Set(['@kic/classification', '@kic/core']),
  )
  expect(reached(new URL('./node.ts', import.meta.url))).toContain('node:fs')
})
