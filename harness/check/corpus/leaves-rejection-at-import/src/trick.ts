void Promise.reject(new Error('nobody waits for me'));
