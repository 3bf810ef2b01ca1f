import { fork } from 'node:child_process'
import { startProcesses } from '../processes/start-processes.ts'

/** A server of two processes, whose ids it prints. */
const [program = ''] = process.argv.slice(2)
const pids: (number | undefined)[] = []
await startProcesses({
  port: 0,
  processes: 2,
  fork: () => {
    const child = fork(program, ['scripted'])
    pids.push(child.pid)
    return child
  },
})
console.log(JSON.stringify(pids))
