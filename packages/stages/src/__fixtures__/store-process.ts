/** A process that runs the hashed stages in a store: `store-process.ts ROOT`. */
import { runStages } from '../run-stages.ts'
import { hashedStages } from './hashed-stages.ts'

const [root = ''] = process.argv.slice(2)
console.log('ready')
await runStages(hashedStages(10), {
  root,
  jobs: 2,
  timing: { beat: 20, silence: 200, poll: 10 },
  say: console.log,
})
console.log('finished')
