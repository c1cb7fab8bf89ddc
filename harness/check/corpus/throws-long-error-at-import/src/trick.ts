throw new Error('all of my luggage '.repeat(200_000));
