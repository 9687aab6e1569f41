namespace Automation.Lab.Account;

/// <summary>The states of a CloudWatch alarm.</summary>
internal enum AlarmState
{
    InsufficientData,
    Ok,
    Alarm,
}

/// <summary>CloudWatch's own words for the states.</summary>
internal static class AlarmStateNames
{
    public static string Wire(this AlarmState state) => state switch
    {
        AlarmState.Ok => "OK",
        AlarmState.Alarm => "ALARM",
        AlarmState.InsufficientData => "INSUFFICIENT_DATA",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
