using Amazon.Lambda.Annotations;
using Microsoft.Extensions.DependencyInjection;

namespace Automation.TestFunction;

[LambdaStartup]
public sealed class Startup
{
    public void ConfigureServices(IServiceCollection services)
    {
        if (Environment.GetEnvironmentVariable("FAIL_INIT") is { } message) throw new InvalidOperationException(message);
        if (Environment.GetEnvironmentVariable("HANG_INIT") is not null) new TaskCompletionSource().Task.Wait();
        services.AddSingleton<Counter>();
        services.AddScoped<InvocationMark>();
    }
}
