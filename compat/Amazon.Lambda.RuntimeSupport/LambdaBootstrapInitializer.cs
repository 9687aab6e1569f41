namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Runs once before the first event, as part of INIT; <c>false</c> ends the function.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();
