import { join } from 'node:path'
import { saveSafetensors } from '@kic/safetensors/node'
import { folderCheckpoints } from '@kic/trainer/node'
import { smallRun } from './small-run.ts'

/** Prints the step it begins at once it trains; leaves what it ends with in `end.safetensors`. */
const [folder = ''] = process.argv.slice(2)
const end = await smallRun(folderCheckpoints(folder), [{ onStart: ({ step }) => console.log(step) }])
await saveSafetensors(join(folder, 'end.safetensors'), end)
