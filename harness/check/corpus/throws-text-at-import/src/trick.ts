throw 'no server today';
