namespace Automation.Lab.Storage;

/// <summary>Why RDS does not change a volume: the error's code and text.</summary>
internal sealed record StorageRefusal(string Code, string Message)
{
    public static StorageRefusal State(string message) => new("InvalidDBInstanceState", message);

    public static StorageRefusal Combination(string message) => new("InvalidParameterCombination", message);

    public static StorageRefusal Value(string message) => new("InvalidParameterValue", message);
}
