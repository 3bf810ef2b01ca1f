import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadPretrained } from '@kic/roberta/node'

/**
 * Reads the checkpoint of a folder once, in a process of its own: `load` as users do, or `plain`, its bytes alone.
 * Prints the time and the peak memory of the process.
 */
const [, , how = '', folder = ''] = process.argv
const started = performance.now()
const held = how === 'load' ? await loadPretrained(folder) : await readFile(join(folder, 'model.safetensors'))
const ms = performance.now() - started
const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ ms, peakMegabytes, kind: typeof held }))
