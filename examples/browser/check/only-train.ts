import { mkdtemp } from 'node:fs/promises'
import { servePage } from './serve-page.ts'
import { checkTraining } from './train-own.ts'
if (process.argv[2] === 'build') await (await servePage()).stop()
await checkTraining(await mkdtemp('/tmp/kic-tr-'), '/tmp/shots')
