using Automation.LabTests.Fixtures;

namespace Automation.LabTests.Secrets.Lab;

/// <summary>A Secrets Manager with its rotation function.</summary>
internal sealed class FunctionLab : IAsyncDisposable
{
    private FunctionLab(SecretsOnMoto secrets, RotationFunction function) => (Secrets, Function) = (secrets, function);

    public SecretsOnMoto Secrets { get; }

    public RotationFunction Function { get; }

    public static async Task<FunctionLab> StartAsync(MotoFixture moto, Action<RotationFunction>? arrange = null, int attempts = 3)
    {
        RotationFunction? function = null;
        var secrets = await SecretsOnMoto.StartAsync(moto, _ => function!.InvokeAsync, attempts);
        function = new RotationFunction(secrets);
        arrange?.Invoke(function);
        return new FunctionLab(secrets, function);
    }

    public ValueTask DisposeAsync() => Secrets.DisposeAsync();
}
