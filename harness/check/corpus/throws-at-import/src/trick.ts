throw new RangeError('the shop is closed');
