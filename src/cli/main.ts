// The entry of `etai` for running programs: what a file, a child actor and a thread actor need, and nothing else, since
// every one of them waits for it to load. Command lines that begin with a command have tools.ts as their entry.

import { runProgram } from './run.ts';
import { start } from './start.ts';

start(runProgram);
