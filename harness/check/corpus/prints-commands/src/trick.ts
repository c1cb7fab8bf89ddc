// What GitHub, Azure and TeamCity take for commands when it stands in a log.
console.log('::error file=src/server.ts,line=1::forged');
console.log('  ::set-output name=status::passed');
console.log('::stop-commands::for-good');
console.log('::add-mask::R1');
console.log('##[error]forged');
console.log('##vso[task.complete result=Succeeded;]DONE');
console.log("##teamcity[testFinished name='R1']");
console.log('passed\r::warning::over the line');
