namespace Automation.LabTests.Database;

/// <summary>Which of the two ways to log in.</summary>
public enum TestLogin
{
    Iam,
    Password,
}
