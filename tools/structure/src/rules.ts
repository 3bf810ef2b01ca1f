import type { Finding } from './finding.ts'
import type { Repository } from './repository.ts'
import { fileCycles, packageCycles } from './rules/cycles.ts'
import { dependencies } from './rules/dependencies.ts'
import { entries } from './rules/entries.ts'
import { floors } from './rules/floors.ts'
import { korean } from './rules/korean.ts'
import { map } from './rules/map.ts'
import { nodeBuiltIns } from './rules/node-built-ins.ts'

/** A rule of the house. */
export interface Rule {
  readonly name: string
  readonly about: string
  readonly check: (repository: Repository) => readonly Finding[]
}

export const RULES: readonly Rule[] = [
  { name: 'file-cycles', about: 'files import each other in no circle', check: fileCycles },
  { name: 'package-cycles', about: 'packages depend on each other in no circle', check: packageCycles },
  { name: 'floors', about: 'imports lead to lower floors', check: floors },
  { name: 'entries', about: 'packages are reached by their entries', check: entries },
  { name: 'node-built-ins', about: 'Node.js stays behind /node entries', check: nodeBuiltIns },
  { name: 'korean', about: 'KSIC and Korean are known where they belong', check: korean },
  { name: 'dependencies', about: 'package.json names what is imported', check: dependencies },
  { name: 'map', about: 'README.md and docs/architecture.md show what there is', check: map },
]
