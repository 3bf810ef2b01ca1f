import { join } from 'node:path'
import { saveSafetensors } from '@kic/safetensors/node'
import { folderCheckpoints } from '@kic/trainer/node'
import { smallRun } from './small-run.ts'

/** Prints its first step when training starts, and saves the final parameters in `end.safetensors`. */
const [folder = ''] = process.argv.slice(2)
const end = await smallRun(folderCheckpoints(folder), [{ onStart: ({ step }) => console.log(step) }])
await saveSafetensors(join(folder, 'end.safetensors'), end)
