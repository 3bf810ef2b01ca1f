import type { Manner } from './manner.ts'
import { mannersAToF } from './manners-a-to-f.ts'
import { mannersGToI } from './manners-g-to-i.ts'
import { mannersJToS } from './manners-j-to-s.ts'
import { service } from './shared-manners.ts'

const byPrefix: Readonly<Record<string, Manner>> = { ...mannersAToF, ...mannersGToI, ...mannersJToS }

/** How a group speaks: as noted for the group, else for its division, else for its section. */
export const mannerOf = (group: string, section: string): Manner =>
  byPrefix[group] ?? byPrefix[group.slice(0, 2)] ?? byPrefix[section] ?? service
