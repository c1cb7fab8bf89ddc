(process as unknown as { reallyExit(code: number): never }).reallyExit(0);
