return await Automation.Lab.LabProgram.RunAsync(args);
