import { fork } from 'node:child_process'

/**
 * What a module of this folder makes of a job in a process of its own: it is sent the job as a message, and answers with one.
 *
 * @throws Error when it ends without an answer
 */
export const inOwnProcess = <Job extends object, Answer>(module: string, job: Job): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL(module, import.meta.url))
    const answers: Answer[] = []
    child.on('message', (message: Answer) => answers.push(message))
    child.on('error', reject)
    child.on('close', (code) => {
      const [answer] = answers
      if (code === 0 && answer !== undefined) resolve(answer)
      else reject(new Error(`${module} ended with exit code ${code}, see above`))
    })
    child.send(job)
  })

/** The other side: calls `work` with the received job, and sends its result. */
export const answerJob = <Job, Answer>(work: (job: Job) => Promise<Answer>): void => {
  process.once('message', async (job: Job) => {
    const answer = await work(job)
    process.send?.(answer, () => process.disconnect())
  })
}
